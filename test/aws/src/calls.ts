/** A call that reached a service, also one that it refused. */
export interface Call {
  /** `secretsmanager`, `ssm`, `kms`, or `extension`. */
  readonly service: string
  /** Such as `GetSecretValue`. */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  /** ms since the epoch, when it had come. */
  readonly at: number
}
