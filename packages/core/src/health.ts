import type { Instance } from './instance.ts'
import type { Invocation } from './invocation.ts'

/** Counts since the environment began, by what they count. */
export type Health = Readonly<Record<string, number>>

/** Leads from a context to its function's. A registered symbol, since the context may be another copy's of this package. */
export const healthKey: unique symbol = Symbol.for('fnware.health') as never

/**
 * What a function's resources have been through since the environment began: what a value counts under `health`, and how
 * often what it keeps fresh was `fetched`, `renewed`, `failed`, and served `stale` since a fetch failed.
 */
export const healthOf = (ctx: Invocation): Iterable<readonly [resource: string, Health]> =>
  (ctx as { [healthKey]?: () => Iterable<readonly [string, Health]> })[healthKey]?.() ?? []

export const healthOfAll = (instances: readonly Instance[]): Iterable<readonly [string, Health]> =>
  instances.flatMap(({ resource, value, kept }) => {
    const all = summed([(Object(value) as { health?: unknown }).health, ...kept.map(({ health }) => health)])
    return Object.keys(all).length > 0 ? [[resource.key, all] as const] : []
  })

/** Each count added up over several. What is no count of anything is left out. */
export const summed = (healths: readonly unknown[]): Health => {
  const sum: Record<string, number> = {}
  for (const health of healths)
    if (typeof health === 'object' && health !== null)
      for (const [name, count] of Object.entries(health))
        if (typeof count === 'number') sum[name] = (sum[name] ?? 0) + count
  return sum
}
