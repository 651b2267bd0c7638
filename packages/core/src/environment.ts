import type { Flight } from './flight.ts'
import type { Due, Kept } from './fresh.ts'
import { healthKey, healthOfAll } from './health.ts'
import { attemptLimit, disposals, Instance } from './instance.ts'
import { checkKeys, checkOptions } from './options.ts'
import type { AnyResource } from './plan.ts'
import { absent, shown } from './shown.ts'
import { inLambda, onShutdown } from './shutdown.ts'
import { settledWithin } from './within.ts'

/** A function's resources in this process. */
export interface Environment {
  /** Shows the resources on a class of contexts, as soon as they are there. */
  onto(prototype: object): void
  /** What an invocation waits for: mostly nothing, found by a comparison, and a clock read where something can expire. */
  prepare(flight: Flight): Promise<unknown> | undefined
  ready(): Promise<void>
  dispose(): Promise<void>
}

/** What `.with()` was given instead of the resources. */
export interface Given {
  readonly values: Readonly<Record<string, unknown>>
  /** `init`: whether the resources that were not given start as usual. */
  readonly options: { readonly init?: boolean }
}

/** One resource object, one value per process: whichever functions use it, as long as it sees the same resources in each. */
const shared = new WeakMap<AnyResource, Instance[]>()

export const environment = (resources: readonly AnyResource[], given: Given | undefined): Environment => {
  const instances = resolve(resources, given)
  const own = instances.filter(
    ({ resource }) => !given || (given.options.init && !Object.hasOwn(given.values, resource.key)),
  )
  const prototypes: object[] = []
  /** How many values had been disposed of when these were shown. */
  let shownAt = -1
  const isReady = () => own.length === 0 || shownAt === disposals.count
  let booting: Promise<void> | undefined
  let bootedAt = 0
  /** The attempt that began when the module was loaded: should it fail, the invocation that waited for it tries again. */
  let early: Promise<void> | undefined
  let soonest = Infinity

  const boot = (): Promise<void> => {
    if (booting && Date.now() - bootedAt < attemptLimit) return booting
    bootedAt = Date.now()
    const attempt = makeAll(own, () => {
      shownAt = disposals.count
      prototypes.forEach(show)
      look()
    }).finally(() => {
      if (booting === attempt) booting = undefined
    })
    booting = attempt
    return attempt
  }
  const show = (prototype: object) => {
    for (const instance of instances)
      Object.defineProperty(
        prototype,
        instance.resource.key,
        instance.made ? shown(instance, own.includes(instance)) : absent(instance.resource.key),
      )
  }
  const look = () => {
    soonest = Math.min(...own.flatMap(({ kept }) => kept.map(({ next }) => next)))
  }
  const refresh = (now: number, flight: Flight): Promise<unknown> | undefined => {
    const dues = own.flatMap(({ kept }) => kept.flatMap((it: Kept) => it.due(now) ?? []))
    for (const { done } of dues)
      done
        .then(
          (error) =>
            error && flight.say('warn', 'a kept value could not be refreshed: the last good one serves', error),
        )
        .then(look, look)
    if (dues.length === 0) {
      look()
      return undefined
    }
    flight.defer(() => finished(dues))
    const waits = dues.filter(({ wait }) => wait)
    return waits.length > 0 ? Promise.all(waits.map(({ done }) => done)) : undefined
  }

  const env: Environment = {
    onto: (prototype) => {
      prototypes.push(prototype)
      Object.defineProperty(prototype, healthKey, { value: () => healthOfAll(instances) })
      if (isReady()) show(prototype)
    },
    prepare: (flight) => {
      if (!isReady()) return early && Date.now() - bootedAt < attemptLimit ? early.then(boot) : boot()
      if (soonest === Infinity) return undefined
      const now = Date.now()
      return now < soonest ? undefined : refresh(now, flight)
    },
    ready: async () => {
      if (early) await settledWithin(early, initLimit)
    },
    dispose: async () => {
      const errors: unknown[] = []
      for (const instance of own.toReversed()) {
        const disposed = instance.dispose()
        if (await settledWithin(disposed, disposeLimit)) await disposed.catch((error) => errors.push(error))
        else
          errors.push(new Error(`the resource \`${instance.resource.key}\` was not let go within ${disposeLimit} ms`))
      }
      if (errors.length > 0) throw new AggregateError(errors, 'dispose failed')
    },
  }
  if (inLambda && !given) {
    early = boot()
      .catch(() => {})
      .finally(() => {
        early = undefined
      })
    onShutdown(env.dispose)
  }
  return env
}

const resolve = (resources: readonly AnyResource[], given: Given | undefined): Instance[] => {
  const keys = resources.map(({ key }) => key)
  if (given) {
    checkKeys('.with()', 'resource', given.values, keys)
    checkOptions('.with()', given.options, { init: 'boolean' })
  }
  const scope = new Map<string, Instance>()
  for (const resource of resources)
    scope.set(resource.key, given ? apart(resource, new Map(scope), given) : common(resource, new Map(scope)))
  return [...scope.values()]
}

const common = (resource: AnyResource, scope: Map<string, Instance>): Instance => {
  const instances = shared.get(resource) ?? []
  shared.set(resource, instances)
  let instance = instances.find((it) => [...it.scope].every(([key, other]) => (scope.get(key) ?? other) === other))
  if (!instance) instances.push((instance = new Instance(resource, scope)))
  return instance
}

const apart = (resource: AnyResource, scope: Map<string, Instance>, { values }: Given): Instance => {
  const instance = new Instance(resource, scope)
  if (Object.hasOwn(values, resource.key)) Object.assign(instance, { value: values[resource.key], made: true })
  return instance
}

/** Waits for all, since what is left running would be frozen in the middle; then throws what failed. */
const makeAll = async (instances: readonly Instance[], made: () => void): Promise<void> => {
  const results = await Promise.allSettled(instances.map((instance) => instance.make()))
  const errors = new Set(results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])))
  if (errors.size > 1) throw new AggregateError(errors, [...errors].map((error) => error.message).join('; '))
  for (const error of errors) throw error
  // Another function may have disposed of one that both use: until the very moment when they are shown.
  if (instances.every(({ made }) => made)) made()
  else await makeAll(instances, made)
}

/** Refreshes are finished before the answer is given, or aborted: frozen, they would never end. */
const finished = async (dues: readonly Due[]) => {
  await settledWithin(Promise.allSettled(dues.map(({ done }) => done)), patience)
  for (const due of dues) due.abort()
}
/** ms that an answer waits for a refresh that is under way. */
const patience = 500
/** ms that a module waits for its INIT: Lambda gives it 10 seconds. */
const initLimit = 9000
/** ms that each resource has to be let go, so that one that hangs leaves time for the rest: see {@link onShutdown}. */
const disposeLimit: number = inLambda ? 200 : attemptLimit
