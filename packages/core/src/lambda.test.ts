import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { echo, trace } from '../test/echo.ts'
import { lambda, type Middleware, resource, stack } from './index.ts'

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

describe('a middleware', () => {
  test('that calls next() twice is named', async () => {
    const again: Middleware = (_, next) => next().catch(() => next())
    const handler = lambda()
      .use(again)
      .handle(() => {
        throw new Error('x')
      })
    await expect(handler({}, fakeContext())).rejects.toThrow('a middleware called next() twice: `again`')
  })

  test.each([
    [
      'with a source',
      async (step: Middleware) =>
        (
          await lambda(echo())
            .use(step)
            .handle(() => 2)({ n: 1 }, fakeContext())
        ).message,
    ],
    [
      'without',
      (step: Middleware) =>
        lambda()
          .use(step)
          .handle(() => 2)({}, fakeContext())
          .catch((error: Error) => error.message),
    ],
  ])('that forgets next() is told so, %s', async (_, message) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(await message((async () => {}) as never)).toBe(
      'a middleware returned neither next() nor a reply: it must `return next()`',
    )
    expect(await message((() => undefined) as never)).toMatch('neither next() nor a reply')
    error.mockRestore()
  })

  test.each([
    ['at once', (_: unknown, next: () => Promise<unknown>) => void next()],
    ['later', async (_: unknown, next: () => Promise<unknown>) => void (await next())],
  ])('that drops what next() gave it %s is told so', async (_, step) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const says = 'a middleware dropped what next() gave it: it must `return next()`'
    const plain = lambda<{ n: number }>()
      .use(step as never)
      .handle(({ event }) => event.n || undefined)
    await expect(plain({ n: 5 }, fakeContext())).rejects.toThrow(says)
    expect(await plain({ n: 0 }, fakeContext())).toBeUndefined()
    const overs: unknown[] = []
    const watched = lambda(echo())
      .use((_, next) => next({}, (error) => overs.push((error as Error | undefined)?.message)))
      .use(step as never)
      .handle(() => 1)
    await watched({ n: 1 }, fakeContext())
    expect(overs).toEqual([says])
    const answered = lambda(echo())
      .use(step as never)
      .handle(({ n }) => n || undefined)
    expect((await answered({ n: 5 }, fakeContext())).message).toBe(says)
    expect(await answered({ n: 0 }, fakeContext())).toEqual({ value: undefined })
    error.mockRestore()
  })

  test('may swallow what was thrown', async () => {
    const handler = lambda(echo())
      .use((async (_: unknown, next: () => Promise<unknown>) => next().catch(() => undefined)) as never)
      .handle(() => Promise.reject(new Error('x')))
    expect(await handler({ n: 1 }, fakeContext())).toEqual({ value: undefined })
  })

  test('that was not called, or makes one, is told so', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const uncalled = () => (_: unknown, next: () => Promise<unknown>) => next()
    const handler = lambda(echo())
      .use(uncalled as never)
      .handle(() => 1)
    expect((await handler({ n: 1 }, fakeContext())).message).toBe(
      'a middleware returned a function: call it, .use(name()) rather than .use(name)',
    )
    error.mockRestore()
  })

  test('may stay synchronous, and may throw so', async () => {
    const log: string[] = []
    const handler = lambda<{ fail: boolean }>()
      .use(trace(log, 'outer'))
      .use(({ event }, next) => {
        if (event.fail) throw new Error('sync')
        return next().then((outcome) => outcome)
      })
      .handle(() => 5)
    expect(await handler({ fail: false }, fakeContext())).toBe(5)
    await expect(handler({ fail: true }, fakeContext())).rejects.toThrow('sync')
    expect(log).toEqual(['>outer', '<outer', '>outer', '!outer', '<outer'])
  })

  test('cannot replace what every invocation has', async () => {
    const handler = lambda()
      .use(((_: unknown, next: (adds: object) => never) => next({ signal: 1 })) as never as Middleware)
      .handle(() => 1)
    await expect(handler({}, fakeContext())).rejects.toThrow(/signal/)
  })

  test('is checked where it is used', () => {
    for (const wrong of [undefined, null, 5, 'x', {}])
      expect(() => lambda().use(wrong as never)).toThrow('.use() takes a middleware, a resource or a stack')
  })
})

describe('over', () => {
  const layer =
    (log: string[], name: string): Middleware =>
    (_, next) =>
      next({}, (error) => log.push(`${name}${error ? ` ${(error as Error).message}` : ''}`))

  test.each([
    [
      'at once',
      (error: Error) => {
        throw error
      },
    ],
    ['later', (error: Error) => Promise.reject(error)],
  ])('runs once, last first, with the error that is thrown %s', async (_, fail: (error: Error) => unknown) => {
    const log: string[] = []
    const handler = lambda<{ ok: boolean }>()
      .use(layer(log, 'a'))
      .use((_, next) => next())
      .use(layer(log, 'b'))
      .handle(({ event }) => event.ok || fail(new Error('x')))
    await handler({ ok: true }, fakeContext())
    await handler({ ok: false }, fakeContext()).catch(() => {})
    expect(log).toEqual(['b', 'a', 'b x', 'a x'])
  })

  test('runs where a middleware further in throws at once', async () => {
    const log: string[] = []
    const handler = lambda()
      .use(layer(log, 'a'))
      .use(() => {
        throw new Error('y')
      })
      .handle(() => 1)
    await handler({}, fakeContext()).catch(() => {})
    expect(log).toEqual(['a y'])
  })

  test('runs at the end, with how the invocation ended, whatever stands round it', async () => {
    const ran = async (outer: boolean) => {
      const log: string[] = []
      const handler = lambda(echo())
        .use((_, next) => (outer ? next({}, () => {}) : next({})))
        .use(async (_, next) => {
          try {
            return await next()
          } catch {
            log.push('rescued')
            return { early: true } as const
          }
        })
        .use((_, next) => next({}, (error) => log.push(error ? 'failed' : 'fine')))
        .handle(() => Promise.reject(new Error('boom')))
      await handler({ n: 1 }, fakeContext())
      return log
    }
    expect(await ran(true)).toEqual(['rescued', 'fine'])
    expect(await ran(false)).toEqual(['rescued', 'fine'])
  })

  test('may be async: what it rejects with is written down', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const handler = lambda()
      .use((_, next) =>
        next({}, async () => {
          throw new Error('async over')
        }),
      )
      .handle(() => 1)
    expect(await handler({}, fakeContext())).toBe(1)
    await sleep(1)
    expect(warn.mock.calls[0]?.[0]).toMatch(/async over/)
    warn.mockRestore()
  })

  test('runs where a middleware further in answers early', async () => {
    const log: string[] = []
    const handler = lambda(echo())
      .use(layer(log, 'a'))
      .use(async (_, next) => (log.length === 0 ? { early: true } : next()))
      .handle(() => 1)
    expect(await handler({ n: 1 }, fakeContext())).toEqual({ value: { early: true } })
    expect(log).toEqual(['a'])
  })

  test('that throws is written down, and the answer stands', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const handler = lambda()
      .use((_, next) =>
        next({}, () => {
          throw new Error('in over')
        }),
      )
      .handle(() => 1)
    expect(await handler({}, fakeContext())).toBe(1)
    expect(warn.mock.calls[0]?.[0]).toMatch(/in over/)
    warn.mockRestore()
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
