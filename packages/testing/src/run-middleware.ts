import { type Context, type Invocation, lambda, type Middleware } from '@fnware/core'
import { fakeContext } from './context.ts'

/** What a middleware did. */
export interface Ran<Ctx, Early> {
  /** What the handler saw; undefined where the middleware did not call `next`. */
  readonly ctx: Ctx | undefined
  /** What came back: the handler's result, or the middleware's own answer. */
  readonly result: unknown | Early
}

/**
 * Runs one middleware on its own.
 * @param given what it needs, and if you like the `event` and the `context`
 * @param handler what stands behind it; by default it returns nothing
 */
export const runMiddleware = async <Needs extends object, Adds extends object, Early>(
  middleware: Middleware<Needs, Adds, Early>,
  given: Needs & { readonly event?: unknown; readonly context?: Context },
  handler: (ctx: Invocation & Needs & Adds) => unknown = () => undefined,
): Promise<Ran<Invocation & Needs & Adds, Early>> => {
  const { event, context = fakeContext(), ...needs } = given
  let seen: (Invocation & Needs & Adds) | undefined
  const invoke = lambda()
    .use(((_, next) => next(needs)) as Middleware)
    .use(middleware as unknown as Middleware)
    .handle((ctx) => {
      seen = ctx as Invocation & Needs & Adds
      return handler(seen)
    })
  const result = await invoke(event, context)
  return { ctx: seen, result }
}
