import { type Shown, shown, together } from '@fnware/aws/extend'
import { type Freshness, fresh, type Resource, resource } from '@fnware/core'
import { checkOptions } from '@fnware/core/extend'
import { fetching, getting } from './fetching.ts'
import { https } from './https.ts'
import type { Parameter } from './parameter.ts'
import type { Transport } from './transport.ts'

export interface ParametersOptions<Key extends string = string> extends Freshness {
  /** Where they are found on the context; `parameters` by default. */
  readonly key?: Key
  /** How they are fetched; `https()` by default. */
  readonly transport?: Transport
}

export interface Definitions {
  readonly [key: string]: Parameter
}

/** What an invocation finds: the latest values, and functions where they are lazy. */
export type Values<D extends Definitions> = {
  readonly [K in keyof D]: D[K] extends Parameter<infer Found> ? Found : never
}

/**
 * Parameters of Systems Manager as a resource: fetched together at INIT, ten to a call, decrypted, checked, kept fresh, never
 * shown. While the service cannot be had, the last good values serve. `renew()` fetches anew what a consumer found wrong.
 *
 * @example
 * lambda(http()).use(parameters({ url: parameter('/app/url'), db: path('/app/db/', Database) }))
 * @throws TypeError on an unknown option, or what is no parameter; INIT throws a {@link ParameterError}
 */
export const parameters = <D extends Definitions, const Key extends string = 'parameters'>(
  definitions: D,
  options: ParametersOptions<Key> = {},
): Resource<{}, Key, Values<D>> => {
  check(definitions, options)
  const { key: resourceKey = 'parameters' as Key, transport = https(), ...freshness } = options
  checkTransport(definitions, transport)
  const { ttl = 300_000, stale = 3_600_000, timeout = 5000 } = freshness
  const get = getting(transport)
  return resource(resourceKey, {
    init: async (_, { keep }) => {
      const found: Record<string, Shown<unknown>> = {}
      for (const [key, parameter] of Object.entries(definitions)) {
        const wanted = { key, path: `${resourceKey}.${key}`, parameter }
        // It gives up by itself first, since it can say then what was not answered.
        const cell = fresh(fetching(get, wanted, timeout), { ttl, stale, timeout: timeout + 250 })
        found[key] = { cell, lazy: parameter.lazy, read: (value) => value }
      }
      const kept = Object.values(found).flatMap(({ lazy, cell }) => (lazy ? [] : [cell]))
      await keep(together(kept, ttl))
      return shown('parameters', found) as Values<D>
    },
  })
}

const check = (definitions: Definitions, options: object) => {
  checkOptions('parameters()', options, {
    key: 'string',
    transport: 'object',
    ttl: 'number',
    stale: 'number',
    timeout: 'number',
  })
  if (typeof definitions !== 'object' || definitions === null)
    throw new TypeError("parameters() takes an object of parameters: { url: parameter('/app/url') }")
  for (const [key, it] of Object.entries(definitions))
    if (!(it as Parameter | undefined)?.format)
      throw new TypeError(`parameters(): \`${key}\` is no parameter: ${key}: parameter('/its/name', Schema)`)
}

const checkTransport = (definitions: Definitions, { get, getPath }: Transport) => {
  if (typeof get !== 'function') throw new TypeError('parameters(): `transport` must have a `get`, as https() has')
  const [key] = Object.entries(definitions).find(([, { format }]) => format === 'path') ?? []
  if (key && !getPath)
    throw new TypeError(
      `parameters(): \`${key}\` is a path, and the transport has none: https() or sdk(), or extension({ otherwise: https() })`,
    )
}
