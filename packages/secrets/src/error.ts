import { classify, codeOf, described, type Failure, type Fault } from '@fnware/aws/extend'
import type { SecretRequest } from './transport.ts'

/** What is wrong with a secret. */
export type SecretErrorKind = Failure | 'json' | 'format' | 'schema'

export interface SecretErrorOptions extends ErrorOptions {
  readonly kind: SecretErrorKind
  readonly key: string
  readonly id: string
  readonly field?: string | undefined
}

/** A secret that cannot be had, or is not what it should be. It says which, and what to do, and never shows a value. */
export class SecretError extends Error {
  override readonly name: string = 'SecretError'
  readonly kind: SecretErrorKind
  /** Under which it is in the context: `database`. */
  readonly key: string
  /** Its name or ARN. */
  readonly id: string
  /** The first field that its schema refuses, as a JSON pointer. */
  readonly field: string | undefined
  constructor(message: string, { kind, key, id, field, ...options }: SecretErrorOptions) {
    super(`secret \`${key}\`: ${message}`, options)
    this.kind = kind
    this.key = key
    this.id = id
    this.field = field
  }
}

/** What could not be fetched. */
export const notFetched = (key: string, request: SecretRequest, cause: unknown): SecretError => {
  const kind = classify(cause)
  const code = codeOf(cause)
  return new SecretError(sentences[kind](named(request), request, code ? ` (${code})` : '', cause), {
    kind,
    key,
    id: request.id,
    cause,
  })
}

type Sentence = (name: string, request: SecretRequest, code: string, cause: unknown) => string
const sentences: Readonly<Record<Failure, Sentence>> = {
  missing: (name, { stage, version }, code) =>
    stage || version
      ? `there is no ${name}${code}: look at its versions, or leave out \`${version ? 'version' : 'stage'}\``
      : `there is no ${name} with a value in this account and region${code}: create it, restore it if it is being deleted, or mend the name`,
  denied: (name, _, code) =>
    `the function's role may not read ${name}${code}: allow it secretsmanager:GetSecretValue, with \`batch\` secretsmanager:BatchGetSecretValue too, and kms:Decrypt on the secret's own key if it has one`,
  invalid: (name, _, code) =>
    `${name} is not what a secret can be called${code}: mend its name or ARN, stage or version`,
  credentials: (name, _, code, cause) =>
    `${name} could not be fetched${code}: ${
      code === ' (CredentialsError)' ? (cause as Error).message : "AWS does not take the function's credentials"
    }`,
  unavailable: (name, _, code, cause) => `${name} could not be fetched${code}: ${reason(cause)}; it is tried again`,
}

const reason = (cause: unknown) =>
  cause instanceof Error && cause.message ? cause.message : 'Secrets Manager gave no answer'

const named = ({ id, stage, version }: SecretRequest) =>
  `'${id}'${version ? ` of version ${version}` : ''}${stage ? ` with the stage ${stage}` : ''}`

export const notText = (key: string, { id }: SecretRequest): SecretError =>
  new SecretError(`'${id}' holds bytes: secret('${id}', { format: 'binary' })`, { kind: 'format', key, id })

export const notBinary = (key: string, { id }: SecretRequest): SecretError =>
  new SecretError(`'${id}' holds text: leave out { format: 'binary' }, or store it as SecretBinary`, {
    kind: 'format',
    key,
    id,
  })

/** @param where what the parser said of the place, and nothing of the text */
export const notJson = (key: string, { id }: SecretRequest, where: string): SecretError =>
  new SecretError(`'${id}' is ${where}: store JSON, or read it as { format: 'text' }`, { kind: 'json', key, id })

export const notFitting = (key: string, { id }: SecretRequest, faults: readonly Fault[]): SecretError =>
  new SecretError(`'${id}' does not fit its schema: ${described(faults)}: mend the secret, or the schema`, {
    kind: 'schema',
    key,
    id,
    field: faults[0]?.field,
  })
