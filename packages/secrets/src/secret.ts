import { checkOptions, checkSchema, didYouMean } from '@fnware/core/extend'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { SecretRequest } from './transport.ts'

/** What is made of a secret: its JSON, its text as it is, or its bytes. */
export type Format = 'json' | 'text' | 'binary'
const formats: readonly string[] = ['json', 'text', 'binary'] satisfies Format[]

declare const found: unique symbol

/** A secret, as `secrets()` takes it. Made by {@link secret}. */
export interface Secret<out Found = unknown> {
  readonly request: SecretRequest
  readonly format: Format
  readonly schema: StandardSchemaV1 | undefined
  readonly lazy: boolean
  /** What is found in the context: in its type alone. */
  readonly [found]: Found
}

export interface SecretOptions<F extends Format = Format, Lazy extends boolean = boolean> {
  /** JSON by default where there is a schema, and text where there is none. */
  readonly format?: F
  /** Fetched when an invocation first calls for it: the context has a function. False by default. */
  readonly lazy?: Lazy
  /** A staging label such as `AWSPREVIOUS`; `AWSCURRENT` by default. */
  readonly stage?: string
  /** The id of one version. */
  readonly version?: string
}

/** The value itself, or a function that fetches it. */
export type Found<Value, Lazy extends boolean> = Lazy extends true ? () => Promise<Value> : Value

/** What a format makes of a secret that no schema checks. */
export type Formatted<F extends Format> = F extends 'json' ? unknown : F extends 'binary' ? Uint8Array : string

/**
 * A secret of Secrets Manager: JSON that a schema checks and types, or text, or bytes.
 *
 * @param id its name or ARN
 * @param schema any Standard Schema, such as zod's
 * @throws TypeError on an empty id, what is no schema, or an unknown option
 * @example
 * secrets({ database: secret('prod/db', Database), stripe: secret('prod/stripe'), key: secret('prod/key', { format: 'binary' }) })
 */
export function secret<Schema extends StandardSchemaV1, const Lazy extends boolean = false>(
  id: string,
  schema: Schema,
  options?: SecretOptions<Format, Lazy>,
): Secret<Found<StandardSchemaV1.InferOutput<Schema>, Lazy>>
export function secret<const F extends Format = 'text', const Lazy extends boolean = false>(
  id: string,
  options?: SecretOptions<F, Lazy>,
): Secret<Found<Formatted<F>, Lazy>>
export function secret(id: string, given?: StandardSchemaV1 | SecretOptions, more?: SecretOptions): Secret<never> {
  const where = `secret('${id}')`
  if (typeof id !== 'string' || id === '')
    throw new TypeError(`secret() takes a secret's name or ARN: is an environment variable missing?`)
  const schema = more || '~standard' in Object(given) ? (given as StandardSchemaV1) : undefined
  if (schema) checkSchema(where, schema)
  const options = more ?? (schema ? {} : ((given ?? {}) as SecretOptions))
  checkOptions(where, options, { format: 'string', lazy: 'boolean', stage: 'string', version: 'string' })
  const { format = schema ? 'json' : 'text', lazy = false, stage, version } = options
  if (!formats.includes(format))
    throw new TypeError(`${where}: there is no format \`${format}\`${didYouMean(format, formats)}`)
  return { request: { id, stage, version }, format, schema, lazy } as Secret<never>
}
