import middy from '@middy/core'
import type { Counted, LambdaFunction, Make } from '../harness/peer.ts'
import { unwound } from './unwound.ts'

type Options = Parameters<typeof middy>[1]

/** What Middy's middlewares are given, as far as they use it here. Its own types say nothing of keys that are added. */
interface Request {
  readonly context: Record<string, unknown>
}
interface Hooks {
  readonly before?: (request: Request) => Promise<void>
  readonly after?: (request: Request) => Promise<void>
  readonly onError?: (request: Request) => Promise<void>
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
        before: async (request) => {
          request.context[`k${i}`] = i
        },
      })),
    )

/** What runs after the handler stands twice, since a Middy middleware has no `finally`. */
export const aroundWith =
  (options?: Options): Counted =>
  (count) =>
    finished(
      async () => ({ ok: true }),
      options,
      Array.from({ length: count }, () => ({
        before: async () => {},
        after: async () => {
          unwound.count++
        },
        onError: async () => {
          unwound.count++
        },
      })),
    )

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
