export interface AwsErrorOptions extends ErrorOptions {
  /** The service's own name for it, such as `AccessDeniedException`; or `CredentialsError`, `NetworkError`, `InvalidAnswer`. */
  readonly code: string
  readonly service?: string
  readonly operation?: string
  readonly requestId?: string | undefined
  /** HTTP's, where there was an answer. */
  readonly status?: number
}

/** A call to AWS that failed. It never holds what was sent, nor a body that was answered. */
export class AwsError extends Error {
  override readonly name: string = 'AwsError'
  /** The service's own name for it, such as `AccessDeniedException`; or `CredentialsError`, `NetworkError`, `InvalidAnswer`. */
  readonly code: string
  readonly service: string | undefined
  readonly operation: string | undefined
  readonly requestId: string | undefined
  /** HTTP's, where there was an answer. */
  readonly status: number | undefined
  constructor(message: string, { code, service, operation, requestId, status, ...options }: AwsErrorOptions) {
    super(message, options)
    this.code = code
    this.service = service
    this.operation = operation
    this.requestId = requestId
    this.status = status
  }
}
