import { type Context, type Invocation, lambda, type Middleware, type Next, type Outcome } from '@fnware/core'
import { fakeContext } from './context.ts'

/** What a middleware did. */
export interface Ran<Ctx, Result> {
  /** What the handler saw; undefined where the middleware did not call `next`. */
  readonly ctx: Ctx | undefined
  /** What came back: the handler's result, or the middleware's own answer. */
  readonly result: Result
}

/** What a middleware reads from the context, without what every invocation has. Its event is demanded where it has a type. */
export type Given<Needs extends object> = Omit<Needs, keyof Invocation> &
  EventFor<Needs> & {
    /** A {@link fakeContext} by default. */
    readonly context?: Context
  }
type EventFor<Needs> =
  Needs extends Invocation<infer Event>
    ? unknown extends Event
      ? { readonly event?: unknown }
      : { readonly event: Event }
    : { readonly event?: unknown }

/**
 * Runs one middleware on its own, as an invocation would: `over`s, deferred functions and the deadline's signal included.
 * @param given what the middleware needs, and if you like the `event` and the `context`
 * @param handler what stands behind it; by default it returns undefined
 * @throws what the middleware or the handler throws
 * @throws TypeError where the middleware returns neither `next()` nor an answer
 */
export const runMiddleware = async <Needs extends object, Adds extends object, Early, Result = undefined>(
  middleware: (ctx: Invocation & Needs, next: Next) => Promise<Outcome<Adds> | Early>,
  given: Given<Needs>,
  handler?: (ctx: Invocation & Needs & Adds) => Result | Promise<Result>,
): Promise<Ran<Invocation & Needs & Adds, Result | Early>> => {
  const { event, context = fakeContext(), ...needs } = given as { event?: unknown; context?: Context }
  let seen: (Invocation & Needs & Adds) | undefined
  const invoke = lambda()
    .use(((_, next) => next(needs)) as Middleware)
    .use(middleware as unknown as Middleware)
    .handle((ctx) => {
      seen = ctx as Invocation & Needs & Adds
      return handler?.(seen) as never
    })
  return { result: (await invoke(event, context)) as Result | Early, ctx: seen }
}
