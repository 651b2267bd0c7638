import type { Failure } from '@fnware/aws/extend'

/** What is wrong with a secret: with fetching it, its JSON, its format, or its schema's idea of it. */
export type SecretErrorKind = Failure | 'json' | 'format' | 'schema'

export interface SecretErrorOptions extends ErrorOptions {
  readonly kind: SecretErrorKind
  /** Where it is in the context: `secrets.database`. */
  readonly path: string
  /** Its name or ARN. */
  readonly id: string
  readonly field?: string | undefined
}

/** A secret that cannot be had, or is not what it should be. It says which, and what to do, and never shows a value. */
export class SecretError extends Error {
  override readonly name: string = 'SecretError'
  readonly kind: SecretErrorKind
  /** Where it is in the context: `secrets.database`. */
  readonly path: string
  /** Its name or ARN. */
  readonly id: string
  /** The first field that its schema refuses, as a JSON pointer. */
  readonly field: string | undefined
  constructor(message: string, { kind, path, id, field, ...options }: SecretErrorOptions) {
    super(`\`${path}\`: ${message}`, options)
    this.kind = kind
    this.path = path
    this.id = id
    this.field = field
  }
}
