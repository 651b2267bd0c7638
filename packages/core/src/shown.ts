import type { Instance } from './instance.ts'
import { flightOf, type InFlight, type Invocation } from './invocation.ts'

/** How a resource is found on a context: as it is, unless each invocation is to have its own of what was made here. */
export const shown = (instance: Instance, own: boolean): PropertyDescriptor => {
  const { resource, value } = instance
  if (!own || !resource.perInvocation) return { value, writable: true, configurable: true }
  return {
    configurable: true,
    get(this: InFlight & Invocation) {
      const { views } = ownOf(this)
      if (!views.has(instance)) views.set(instance, resource.perInvocation?.(value, new Seen(this)))
      return views.get(instance)
    },
    // A middleware may put another in its place.
    set(value: unknown) {
      Object.defineProperty(this, resource.key, { value, writable: true, enumerable: true, configurable: true })
    },
  }
}

const ownOf = ({ [flightOf]: flight }: InFlight) => (flight.own ??= { views: new Map(), lastly: [] })

/** What of an invocation its own of a resource sees. What that defers comes last: deferred functions may still use it. */
class Seen {
  readonly #ctx: InFlight & Invocation
  constructor(ctx: InFlight & Invocation) {
    this.#ctx = ctx
  }
  get signal(): AbortSignal {
    return this.#ctx.signal
  }
  /** A function of its own, which may be taken off. */
  get defer(): Invocation['defer'] {
    const { lastly } = ownOf(this.#ctx)
    return (fn) => void lastly.push(fn)
  }
}

/** In the place of a resource that a test did not give. */
export const absent = (key: string): PropertyDescriptor => ({
  configurable: true,
  get() {
    throw new Error(`\`${key}\` was not given to .with(): give it, or let INIT make it with { init: true }`)
  },
})
