import type { Failure } from '@fnware/aws/extend'

/** What is wrong with a parameter: with fetching it, its JSON, its format, or its schema's idea of it. */
export type ParameterErrorKind = Failure | 'json' | 'format' | 'schema'

export interface ParameterErrorOptions extends ErrorOptions {
  readonly kind: ParameterErrorKind
  /** Where it is in the context: `parameters.url`. */
  readonly path: string
  /** Its name, path or ARN in Systems Manager. */
  readonly parameter: string
  readonly field?: string | undefined
}

/** A parameter that cannot be had, or is not what it should be. It says which, and what to do, and never shows a value. */
export class ParameterError extends Error {
  override readonly name: string = 'ParameterError'
  readonly kind: ParameterErrorKind
  /** Where it is in the context: `parameters.url`. */
  readonly path: string
  /** Its name, path or ARN in Systems Manager. */
  readonly parameter: string
  /** The first field that its schema refuses, as a JSON pointer. */
  readonly field: string | undefined
  constructor(message: string, { kind, path, parameter, field, ...options }: ParameterErrorOptions) {
    super(`\`${path}\`: ${message}`, options)
    this.kind = kind
    this.path = path
    this.parameter = parameter
    this.field = field
  }
}
