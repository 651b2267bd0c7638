import { type Shown, shown, together } from '@fnware/aws/extend'
import { type Cell, type Freshness, fresh, type Resource, resource } from '@fnware/core'
import { checkOptions } from '@fnware/core/extend'
import { type Fetched, fetching, getting, type Wanted } from './fetching.ts'
import { https } from './https.ts'
import type { Secret } from './secret.ts'
import { sameAs, type Transport } from './transport.ts'

export interface SecretsOptions<Key extends string = string> extends Freshness {
  /** Where they are found on the context; `secrets` by default. */
  readonly key?: Key
  /**
   * Whether current versions that are wanted at the same time are fetched by one call, BatchGetSecretValue, which is a
   * permission of its own. False by default.
   */
  readonly batch?: boolean
  /** How they are fetched; `https()` by default. */
  readonly transport?: Transport
}

export interface Definitions {
  readonly [key: string]: Secret
}

/** What an invocation finds: the latest values, and functions where they are lazy. */
export type Values<D extends Definitions> = {
  readonly [K in keyof D]: D[K] extends Secret<infer Found> ? Found : never
}

/**
 * Secrets of AWS Secrets Manager as a resource: fetched together at INIT, checked, kept fresh, never shown. While the
 * service cannot be had, the last good values serve. `renew()` fetches anew what a consumer found wrong, also a version that
 * a rotation has so far set as AWSPENDING alone.
 *
 * @example
 * lambda(http()).use(secrets({ database: secret('prod/db', Database), stripe: secret('prod/stripe') }))
 * @throws TypeError on an unknown option, or what is no secret; INIT throws a {@link SecretError}
 */
export const secrets = <D extends Definitions, const Key extends string = 'secrets'>(
  definitions: D,
  options: SecretsOptions<Key> = {},
): Resource<{}, Key, Values<D>> => {
  check(definitions, options)
  const { key = 'secrets' as Key, batch = false, transport = https() } = options
  const { ttl = 300_000, stale = 3_600_000, timeout = 5000 } = options
  const get = getting(transport, batch)
  const groups = grouped(key, definitions)
  return resource(key, {
    init: async (_, { keep }) => {
      const found: Record<string, Shown<Fetched>> = {}
      const kept: Cell<Fetched>[] = []
      for (const wanted of groups) {
        // It gives up by itself first, since it can say then what was not answered.
        const cell = fresh(fetching(get, wanted, timeout), { ttl, stale, timeout: timeout + 250 })
        for (const { key, secret } of wanted)
          found[key] = { cell, lazy: secret.lazy, read: ({ values }) => values[key] }
        if (!wanted.every(({ secret }) => secret.lazy)) kept.push(cell)
      }
      await keep(together(kept, ttl))
      return shown('secrets', found) as Values<D>
    },
  })
}

/** Those that want the same version share a fetch. */
const grouped = (resource: string, definitions: Definitions): readonly [Wanted, ...Wanted[]][] => {
  const groups = new Map<string, [Wanted, ...Wanted[]]>()
  for (const [key, secret] of Object.entries(definitions)) {
    const id = sameAs(secret.request)
    const wanted = { key, path: `${resource}.${key}`, secret }
    const group = groups.get(id)
    if (group) group.push(wanted)
    else groups.set(id, [wanted])
  }
  return [...groups.values()]
}

const check = (definitions: Definitions, options: SecretsOptions) => {
  if (typeof definitions !== 'object' || definitions === null)
    throw new TypeError("secrets() takes an object of secrets: { database: secret('prod/db', Database) }")
  checkOptions('secrets()', options, {
    key: 'string',
    batch: 'boolean',
    transport: 'object',
    ttl: 'number',
    stale: 'number',
    timeout: 'number',
  })
  if (options.transport && typeof options.transport.get !== 'function')
    throw new TypeError('secrets(): `transport` must have a `get`, as https() has')
  if ('then' in definitions) throw new TypeError('secrets(): `then` is no name for a secret: it would be awaited')
  for (const [key, secret] of Object.entries(definitions))
    if (!(secret as Secret | undefined)?.request)
      throw new TypeError(`secrets(): \`${key}\` is no secret: ${key}: secret('its name', Schema)`)
}
