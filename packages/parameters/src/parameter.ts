import { checkOptions, checkSchema, didYouMean } from '@fnware/core/extend'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** What is made of a parameter's text: itself, its JSON, or the items of a StringList. */
export type Format = 'text' | 'json' | 'list'
const formats: readonly string[] = ['text', 'json', 'list'] satisfies Format[]

declare const found: unique symbol

/** A parameter, or all below a path, as `parameters()` takes it. Made by {@link parameter} and {@link path}. */
export interface Parameter<out Found = unknown> {
  readonly name: string
  readonly format: Format | 'path'
  readonly schema: StandardSchemaV1 | undefined
  readonly lazy: boolean
  /** What is found in the context: in its type alone. */
  readonly [found]: Found
}

export interface PathOptions<Lazy extends boolean = boolean> {
  /**
   * Whether it is fetched only when an invocation asks for it: what is found in the context is a function that does. False
   * by default.
   */
  readonly lazy?: Lazy
}

export interface ParameterOptions<F extends Format = Format, Lazy extends boolean = boolean> extends PathOptions<Lazy> {
  /** What its text is: by default JSON where there is a schema, and otherwise no more than text. */
  readonly format?: F
}

/** The value itself, or the function that fetches it. */
export type Found<Value, Lazy extends boolean> = Lazy extends true ? () => Promise<Value> : Value

/** What a format makes of text. */
export type Formatted<F extends Format> = F extends 'list' ? readonly string[] : F extends 'json' ? unknown : string

/**
 * A parameter of Systems Manager, decrypted. With a schema its JSON is checked and typed.
 *
 * @param name as in `/app/url`, also with a version, `/app/url:3`, or a label, `/app/url:live`; or an ARN
 * @throws TypeError on what is no name, or an unknown option
 * @example
 * parameters({ url: parameter('/app/url'), flags: parameter('/app/flags', Flags), hosts: parameter('/app/hosts', { format: 'list' }) })
 */
export function parameter<Schema extends StandardSchemaV1, const Lazy extends boolean = false>(
  name: string,
  schema: Schema,
  options?: ParameterOptions<Format, Lazy>,
): Parameter<Found<StandardSchemaV1.InferOutput<Schema>, Lazy>>
export function parameter<const F extends Format = 'text', const Lazy extends boolean = false>(
  name: string,
  options?: ParameterOptions<F, Lazy>,
): Parameter<Found<Formatted<F>, Lazy>>
export function parameter(
  name: string,
  given: StandardSchemaV1 | ParameterOptions = {},
  more?: ParameterOptions,
): Parameter<never> {
  const where = `parameter('${name}')`
  if (typeof name !== 'string' || name === '')
    throw new TypeError("parameter() takes a parameter's name or ARN: is an environment variable missing?")
  checkName(where, name)
  const schema = more || '~standard' in Object(given) ? (given as StandardSchemaV1) : undefined
  if (schema) checkSchema(where, schema)
  const options = more ?? (schema ? {} : (given as ParameterOptions))
  checkOptions(where, options, { format: 'string', lazy: 'boolean' })
  const { format = schema ? 'json' : 'text', lazy = false } = options
  if (!formats.includes(format))
    throw new TypeError(`${where}: there is no format \`${format}\`${didYouMean(format, formats)}`)
  return { name, format, schema, lazy } as Parameter<never>
}

/**
 * All parameters below a path, at any depth and decrypted, as an object of their names relative to it: below `/app/db/`,
 * `/app/db/pool/size` is `pool.size`. Values are text.
 *
 * @throws TypeError on what is no path, or an unknown option
 * @example
 * parameters({ db: path('/app/db/', z.object({ host: z.string(), pool: z.object({ size: z.coerce.number() }) })) })
 */
export const path = <Schema extends StandardSchemaV1, const Lazy extends boolean = false>(
  path: string,
  schema: Schema,
  options: PathOptions<Lazy> = {},
): Parameter<Found<StandardSchemaV1.InferOutput<Schema>, Lazy>> => {
  const where = `path('${path}')`
  if (typeof path !== 'string' || path === '')
    throw new TypeError('path() takes a path: is an environment variable missing?')
  if (!/^\/(?:[\w.-]+\/?)*$/.test(path)) throw new TypeError(`${where}: a path is as in path('/app/db/', Schema)`)
  checkSchema(where, schema)
  checkOptions(where, options, { lazy: 'boolean' })
  return { name: path, format: 'path', schema, lazy: options.lazy ?? false } as never
}

const checkName = (where: string, name: string) => {
  if (/^arn:[\w:/.-]+$/.test(name)) return
  if (!/^[\w./-]+(?::[\w.-]+)?$/.test(name))
    throw new TypeError(`${where}: a name is as in '/app/url', '/app/url:3' or '/app/url:label'`)
  if (name.includes('/') && !name.startsWith('/'))
    throw new TypeError(`${where}: a name with slashes begins with one: '/${name}'`)
}
