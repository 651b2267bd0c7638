export interface RdsErrorOptions extends ErrorOptions {
  /** The database's own code, such as `28P01`, or the system's, such as `ECONNREFUSED`. */
  readonly code?: string | undefined
}

/** What a database resource throws of its own: it names the resource, and says what to do. What the driver threw is its `cause`. */
export class RdsError extends Error {
  override readonly name: string = 'RdsError'
  /** The key of the resource. */
  readonly resource: string
  /** The database's own code, such as `28P01`, or the system's, such as `ECONNREFUSED`. */
  readonly code: string | undefined
  constructor(resource: string, message: string, { code, ...options }: RdsErrorOptions = {}) {
    super(`\`${resource}\`: ${message}`, options)
    this.resource = resource
    this.code = code
  }
}

/** The credentials could not be had, or are none. */
export class CredentialsError extends RdsError {
  override readonly name: string = 'CredentialsError'
}

/** No connection could be made. No statement was sent. */
export class ConnectError extends RdsError {
  override readonly name: string = 'ConnectError'
}

/** All connections were in use for too long. No statement was sent. */
export class AcquireError extends RdsError {
  override readonly name: string = 'AcquireError'
}

/** The connection was lost after a statement had been sent: nobody knows whether it took effect. It is not sent again. */
export class ConnectionLostError extends RdsError {
  override readonly name: string = 'ConnectionLostError'
}

/** The connection was lost after COMMIT had been sent and before it was answered: nobody knows whether it took effect. */
export class CommitUnknownError extends RdsError {
  override readonly name: string = 'CommitUnknownError'
}

/** The server takes no writes any more: another does. The connections are dropped, and new ones made. */
export class FailoverError extends RdsError {
  override readonly name: string = 'FailoverError'
}

/** A transaction was used in a way that would hang, lose a write, or mix with another. */
export class TransactionError extends RdsError {
  override readonly name: string = 'TransactionError'
}

/** A connection was kept, or used, beyond its time. */
export class LeaseError extends RdsError {
  override readonly name: string = 'LeaseError'
}

/** A statement would pin the session of an RDS Proxy. It was not sent. */
export class PinningError extends RdsError {
  override readonly name: string = 'PinningError'
}

/** The code of what was thrown, where it has one. */
export const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
