import middy from '@middy/core'
import type { Counted, LambdaFunction, Make } from '../harness/peer.ts'
import { unwound } from './unwound.ts'

type Options = Parameters<typeof middy>[1]

/** What Middy's middlewares are given, as far as they use it here. Its own types say nothing of keys that are added. */
interface Request {
  readonly context: Record<string, unknown>
}
/** Middy awaits promises and nothing else, so that a hook without `async` costs no turn of the microtask queue. */
type Hook = (request: Request) => void | Promise<void>
interface Hooks {
  readonly before?: Hook
  readonly after?: Hook
  readonly onError?: Hook
}

const finished = (handler: (event: unknown, context: never) => Promise<unknown>, options: Options, hooks: Hooks[]) =>
  middy(handler as never, options).use(hooks as never) as unknown as LambdaFunction

export const emptyWith =
  (options?: Options): Make =>
  () =>
    middy((async () => ({ ok: true })) as never, options) as unknown as LambdaFunction

/** A value set on the context, as Middy's own middlewares do with `setToContext`. */
export const addingWith =
  (options?: Options): Counted =>
  (count) =>
    finished(
      async (_event, context: { k0: number }) => ({ ok: context.k0 === 0 }),
      options,
      Array.from({ length: count }, (_, i) => ({
        before: (request) => {
          request.context[`k${i}`] = i
        },
      })),
    )

const unwind = (): void => {
  unwound.count++
}
const unwindAsync = async (): Promise<void> => unwind()

const layered =
  (hook: Hook) =>
  (options?: Options): Counted =>
  (count) =>
    finished(
      async () => ({ ok: true }),
      options,
      // It stands twice, since a Middy middleware has no `finally`.
      Array.from({ length: count }, () => ({ after: hook, onError: hook })),
    )
export const aroundWith = /* @__PURE__ */ layered(unwindAsync)
export const overWith = /* @__PURE__ */ layered(unwind)

/** Fetched by the first invocation and kept by each middleware: less than Middy's own cache does. */
export const resourcesWith =
  (options?: Options): Counted =>
  (count) =>
    finished(
      async (_event, context: Record<string, { value: number }>) => ({ ok: context.r0?.value === 0 }),
      options,
      Array.from({ length: count }, (_, value): Hooks => {
        let fetched: Promise<{ value: number }> | undefined
        return {
          before: async (request) => {
            fetched ??= Promise.resolve({ value })
            request.context[`r${value}`] = await fetched
          },
        }
      }),
    )
