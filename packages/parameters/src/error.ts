import { classify, codeOf, described, type Failure, type Fault, unquoted } from '@fnware/aws/extend'
import type { Parameter } from './parameter.ts'

/** What is wrong with a parameter. */
export type ParameterErrorKind = Failure | 'json' | 'format' | 'schema'

export interface ParameterErrorOptions extends ErrorOptions {
  readonly kind: ParameterErrorKind
  readonly key: string
  readonly parameter: string
  readonly field?: string | undefined
}

/** A parameter that cannot be had, or is not what it should be. It says which, and what to do, and never shows a value. */
export class ParameterError extends Error {
  override readonly name: string = 'ParameterError'
  readonly kind: ParameterErrorKind
  /** Under which it is in the context: `url`. */
  readonly key: string
  /** Its name, path or ARN. */
  readonly parameter: string
  /** The first field that its schema refuses, as a JSON pointer. */
  readonly field: string | undefined
  constructor(message: string, { kind, key, parameter, field, ...options }: ParameterErrorOptions) {
    super(`parameter \`${key}\`: ${message}`, options)
    this.kind = kind
    this.key = key
    this.parameter = parameter
    this.field = field
  }
}

/** What could not be fetched. */
export const notFetched = (key: string, it: Parameter, error: unknown): ParameterError => {
  const cause = unquoted(error)
  const kind = classify(cause)
  const code = codeOf(cause)
  const message = sentences[kind](it, code ? ` (${code})` : '', cause)
  return new ParameterError(message, { kind, key, parameter: it.name, cause })
}

type Sentence = (it: Parameter, code: string, cause: unknown) => string
const sentences: Readonly<Record<Failure, Sentence>> = {
  missing: ({ name }, code) =>
    selector.test(name)
      ? `there is no '${name}'${code}: look at its versions and labels, or leave \`${selector.exec(name)?.[0]}\` out`
      : `there is no '${name}' in this account and region${code}: create it, or mend the name`,
  denied: ({ name, format }, code) =>
    `the function's role may not read '${name}'${code}: allow it ssm:${format === 'path' ? 'GetParametersByPath' : 'GetParameters'}, and for a SecureString kms:Decrypt on its key if that is not aws/ssm`,
  invalid: ({ name, format }, code) =>
    `'${name}' is not what a ${format === 'path' ? 'path' : 'parameter'} can be called${code}: mend the name`,
  credentials: ({ name }, code, cause) =>
    `'${name}' could not be fetched${code}: ${
      code === ' (CredentialsError)' ? (cause as Error).message : "AWS does not take the function's credentials"
    }`,
  unavailable: ({ name }, code, cause) => `'${name}' could not be fetched${code}: ${reason(cause)}; it is tried again`,
}
/** `:3` or `:label`, and not what is before the name in an ARN. */
const selector = /:[\w.-]+$/

const reason = (cause: unknown) =>
  cause instanceof Error && cause.message ? cause.message : 'Systems Manager gave no answer'

/** @param reason what the parser says, and nothing of the text */
export const notJson = (key: string, { name }: Parameter, reason: string): ParameterError =>
  new ParameterError(`'${name}' cannot be read: ${reason}: store JSON, or read it as { format: 'text' }`, {
    ...{ kind: 'json', key, parameter: name },
  })

export const notATree = (key: string, { name }: Parameter, conflict: string): ParameterError =>
  new ParameterError(`below '${name}', ${conflict}: rename one of them`, { kind: 'format', key, parameter: name })

export const notFitting = (key: string, { name, format }: Parameter, faults: readonly Fault[]): ParameterError =>
  new ParameterError(
    `${format === 'path' ? `what is below '${name}'` : `'${name}'`} does not fit its schema: ${described(faults)}: mend the parameter, or the schema`,
    { kind: 'schema', key, parameter: name, field: faults[0]?.field },
  )
