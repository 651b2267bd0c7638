import { build } from './builder.ts'
import type { Lambda, Plain, Stack, Start } from './chain.ts'
import type { DeadlineOptions } from './deadline.ts'
import type { Invocation } from './invocation.ts'
import type { Plan } from './plan.ts'
import type { Source, Wire } from './source.ts'
import { plainVerbs } from './verbs.ts'

export interface Options extends DeadlineOptions {}

/**
 * Begins a function: `.use()` resources and middlewares, then finish it with a verb of the source, such as `.handle()`.
 * Every step makes another chain and changes none.
 *
 * @example
 * export const handler = lambda(http()).use(logger()).input(Order).handle(({ input }) => input)
 * @param source where the events come from; without one the event comes as it is, and the result goes as it is
 * @throws TypeError on an unknown option
 */
export function lambda<Event = unknown, Result = never>(): Lambda<Plain<Event, Result>, {}, Invocation<Event>>
export function lambda<W extends Wire, Adds extends object>(
  source: Source<W, Adds>,
  options?: Options,
): Lambda<W, {}, Start<W['event'], Adds>>
export function lambda(source?: Source<Wire, object>, options: Options = {}): unknown {
  if (source && typeof source.open !== 'function')
    throw new TypeError('lambda() takes a source: call it, lambda(http()) rather than lambda(http)')
  return build({ ...empty, source, verbs: source?.verbs ?? plainVerbs, options })
}

/**
 * What several functions share, without a source: `.use()` it under any. It may need what the chain before it provides.
 *
 * @example
 * export const base = stack().use(logger()).use(secrets({ database: secret('prod/db') }))
 */
export function stack<Needs extends object = {}, Resources extends object = {}>(): Stack<
  Needs,
  Resources,
  Resources,
  Invocation & Needs & Resources
> {
  return build({ ...empty, loose: true }) as never
}

const empty: Plan = { source: undefined, verbs: {}, resources: [], steps: [], options: {} }
