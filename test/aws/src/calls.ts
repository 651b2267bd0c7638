import type { Input } from './service.ts'

/** A call that came, also one that was refused. */
export interface Call {
  /** `secretsmanager`, `ssm`, `kms`, or `extension`. */
  readonly service: string
  /** Such as `GetSecretValue`. */
  readonly operation: string
  readonly input: Input
  /** ms since the epoch, when it had come. */
  readonly at: number
  /** The ARN of who called. Missing where the signature was refused. */
  readonly identity?: string
  /** The code of the error that it was answered with. */
  readonly error?: string
}

/** Every call, in the order in which they came. */
export class Calls extends Array<Call> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** Those to one operation. */
  of(operation: string): Call[] {
    return this.filter((call) => call.operation === operation)
  }

  clear(): void {
    this.length = 0
  }
}
