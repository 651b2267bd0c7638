import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { echo, trace } from '../test/echo.ts'
import { lambda, resource, stack } from './index.ts'

describe('a chain', () => {
  test('hands the handler what its middlewares add, in order', async () => {
    const handler = lambda<{ name: string }>()
      .use(({ event }, next) => next({ greeting: `hello ${event.name}` }))
      .use(({ greeting }, next) => next({ loud: greeting.toUpperCase() }))
      .handle(({ greeting, loud }) => [greeting, loud])
    expect(await handler({ name: 'ann' }, fakeContext())).toEqual(['hello ann', 'HELLO ANN'])
  })

  test('never changes the event or the context of Lambda', async () => {
    const event = Object.freeze({ n: 1 })
    const context = Object.freeze(fakeContext())
    const handler = lambda(echo())
      .use((_, next) => next({ more: 1 }))
      .handle((ctx) => [ctx.event === event, ctx.context === context])
    expect(await handler(event, context)).toEqual({ value: [true, true] })
  })

  test('is immutable: two functions of one base do not see each other', async () => {
    const base = lambda().use((_, next) => next({ base: 1 }))
    const a = base.use((_, next) => next({ a: 1 })).handle((ctx) => Object.keys(ctx))
    const b = base.use((_, next) => next({ b: 1 })).handle((ctx) => Object.keys(ctx))
    expect(await a({}, fakeContext())).toEqual(['event', 'context', 'base', 'a'])
    expect(await b({}, fakeContext())).toEqual(['event', 'context', 'base', 'b'])
  })

  test('unwinds like an onion, with the error as it was thrown', async () => {
    const log: string[] = []
    class Mine extends Error {}
    const thrown = new Mine('boom')
    const handler = lambda()
      .use(trace(log, 'a'))
      .use(trace(log, 'b'))
      .handle(() => {
        throw thrown
      })
    await expect(handler({}, fakeContext())).rejects.toBe(thrown)
    expect(log).toEqual(['>a', '>b', '!b', '<b', '!a', '<a'])
  })

  test('unwinds what is outside of an early answer', async () => {
    const log: string[] = []
    const handler = lambda(echo())
      .use(trace(log, 'a'))
      .use(async ({ n }, next) => (n === 1 ? { early: true } : next()))
      .use(trace(log, 'b'))
      .handle(() => 2)
    expect(await handler({ n: 1 }, fakeContext())).toEqual({ value: { early: true } })
    expect(log).toEqual(['>a', '<a'])
    expect(await handler({ n: 2 }, fakeContext())).toEqual({ value: 2 })
  })

  test('finishes as a function of two parameters, as Lambda wants it', () => {
    expect(lambda().handle(() => 1)).toHaveLength(2)
    expect(lambda(echo()).handle(() => 1)).toHaveLength(2)
  })

  test('may give a function', async () => {
    const given = () => 1
    expect(await lambda().handle(() => given)({}, fakeContext())).toBe(given)
  })

  test('runs without a context of Lambda, as a unit test may', async () => {
    expect(await lambda(echo()).handle(({ n, signal }) => [n, signal.aborted])({ n: 1 }, undefined as never)).toEqual({
      value: [1, false],
    })
  })
})

describe('a stack', () => {
  test('is shared by functions of any source', async () => {
    const orders = resource('orders', { needs: ['db'], init: ({ db }: { db: string }) => `orders of ${db}` })
    const shared = stack<{ n: number }, { db: string }>()
      .use(orders)
      .use(({ n }, next) => next({ twice: n * 2 }))
    const db = resource('db', { init: () => 'pg' })
    const one = lambda(echo())
      .use(db)
      .use(shared)
      .handle(({ orders, twice }) => [orders, twice])
    expect(await one({ n: 2 }, fakeContext())).toEqual({ value: ['orders of pg', 4] })
    const other = lambda<{ n: number }>()
      .use(db)
      .use(({ event }, next) => next({ n: event.n }))
      .use(shared)
      .handle(({ twice }) => twice)
    expect(await other({ n: 3 }, fakeContext())).toBe(6)
    expect(() => lambda(echo()).use(shared as never)).toThrow('the resource `orders` needs `db`')
  })

  test('has no verbs but use', () => {
    expect(Object.keys(stack())).toEqual(['use'])
  })
})

describe('what is thrown', () => {
  test.each([
    ['text', '"text" was thrown'],
    [undefined, 'undefined was thrown'],
    [null, 'null was thrown'],
    [{ code: 5 }, 'an object was thrown'],
  ])('%o becomes an Error', async (thrown, message) => {
    const plain = lambda().handle(() => {
      throw thrown
    })
    await expect(plain({}, fakeContext())).rejects.toThrow(message)
    await expect(plain({}, fakeContext())).rejects.toMatchObject({ cause: thrown })
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const answered = lambda(echo()).handle(async () => {
      throw thrown
    })
    expect((await answered({ n: 1 }, fakeContext())).message).toMatch(message)
    error.mockRestore()
  })

  test('and answered is written to the console, stack and causes, nothing that hangs on it, once', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const thrown = Object.assign(new Error('outer', { cause: new Error('inner') }), { token: 'hush' })
    const handler = lambda(echo()).handle(() => {
      throw thrown
    })
    await handler({ n: 1 }, fakeContext({ awsRequestId: 'id-1' }))
    expect(error).toHaveBeenCalledTimes(1)
    const line = error.mock.calls[0]?.[0] as string
    expect(line).toMatch(/^id-1: the invocation failed\nError: outer\n +at [\s\S]+\[cause\] Error: inner/)
    expect(line).not.toMatch(/hush/)
    error.mockRestore()
  })
})

test('64 invocations at once never see each other', async () => {
  const handler = lambda<{ n: number }>()
    .use(async ({ event }, next) => {
      await sleep(Math.random() * 5)
      return next({ twice: event.n * 2 })
    })
    .use(async ({ context }, next) => {
      await sleep(Math.random() * 5)
      return next({ id: context.awsRequestId })
    })
    .handle(async (ctx) => {
      await sleep(Math.random() * 5)
      return [ctx.event.n, ctx.twice, ctx.id]
    })
  const results = await Promise.all(
    Array.from({ length: 64 }, (_, n) => handler({ n }, fakeContext({ awsRequestId: `${n}` }))),
  )
  expect(results).toEqual(Array.from({ length: 64 }, (_, n) => [n, n * 2, `${n}`]))
})

test('options are checked', () => {
  const finished = (options: object) => () => lambda(echo(), options as never).handle(() => 1)
  expect(finished({ deadlin: 5 })).toThrow('lambda(): there is no option `deadlin`: did you mean `deadline`?')
  expect(finished({ deadline: '5' })).toThrow('lambda(): `deadline` must be a number from 0 up')
  expect(finished({ grace: -1 })).toThrow('`grace` must be a number from 0 up')
  expect(() => lambda(echo as never)).toThrow('call it')
})
