import type { Invocation, Middleware, Next } from '@fnware/core'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { fakeContext, runMiddleware } from './index.ts'

const auth = (keys: readonly string[]) => (ctx: Invocation & { readonly key?: string }, next: Next) =>
  ctx.key && keys.includes(ctx.key) ? next({ user: { id: ctx.key } }) : Promise.resolve({ status: 401 as const })

test('shows what the handler saw, and what came back', async () => {
  const { ctx, result } = await runMiddleware(auth(['k']), { key: 'k', event: { n: 1 } }, ({ user }) =>
    user.id.toUpperCase(),
  )
  expect([ctx?.user.id, ctx?.event, result]).toEqual(['k', { n: 1 }, 'K'])
  expectTypeOf(ctx?.user.id).toEqualTypeOf<string | undefined>()
  expectTypeOf(result).toEqualTypeOf<string | { status: 401 }>()
})

test('a handler that is not reached sees nothing, and the middleware’s answer comes back', async () => {
  expect(await runMiddleware(auth(['k']), {})).toEqual({ ctx: undefined, result: { status: 401 } })
})

test('without a handler nothing comes back', async () => {
  const { ctx, result } = await runMiddleware(auth(['k']), { key: 'k' })
  expect(result).toBeUndefined()
  expect(ctx?.user).toEqual({ id: 'k' })
})

describe('types', () => {
  const greet: Middleware<{ readonly user: { readonly name: string } }, { readonly greeting: string }> = (ctx, next) =>
    next({ greeting: `hello ${ctx.user.name}` })
  const typed = (ctx: Invocation<{ readonly id: number }>, next: Next) => next({ id: ctx.event.id })

  test('what a middleware needs is demanded, and what it adds comes back', async () => {
    const { ctx } = await runMiddleware(greet, { user: { name: 'Ada' } })
    expectTypeOf(ctx?.greeting).toEqualTypeOf<string | undefined>()
    expect(ctx?.greeting).toBe('hello Ada')
    // @ts-expect-error: `user` is needed
    await expect(runMiddleware(greet, {})).rejects.toThrow(TypeError)
    // @ts-expect-error: its name is a string
    await runMiddleware(greet, { user: { name: 5 } })
  })

  test('an event that has a type is demanded', async () => {
    expect((await runMiddleware(typed, { event: { id: 7 } })).ctx?.id).toBe(7)
    // @ts-expect-error: the event is needed
    await expect(runMiddleware(typed, {})).rejects.toThrow(TypeError)
  })
})

test('it runs as in an invocation: over, defer, the context, and in the end', async () => {
  const order: string[] = []
  const context = fakeContext({ awsRequestId: 'mine' })
  const middleware = (ctx: Invocation, next: Next) => {
    order.push(ctx.context.awsRequestId)
    ctx.defer(({ outcome }) => void order.push(outcome))
    return next({}, () => order.push('over'))
  }
  await runMiddleware(middleware, { context }, () => void order.push('handler'))
  expect(order).toEqual(['mine', 'handler', 'over', 'success'])
  await expect(
    runMiddleware(middleware, {}, async () => {
      throw new RangeError('x')
    }),
  ).rejects.toThrow(RangeError)
  expect(order.slice(-2)).toEqual(['over', 'error'])
})

test('a middleware that forgets to return next() is told', async () => {
  const forgetful = (async () => {}) as unknown as Middleware
  await expect(runMiddleware(forgetful, {})).rejects.toThrow('it must `return next()`')
})
