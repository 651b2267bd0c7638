import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { echo, trace } from '../test/echo.ts'
import { lambda, type Middleware } from './index.ts'

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

  test.each([
    [
      'at once',
      () => {
        throw new Error('x')
      },
    ],
    ['later', () => Promise.reject(new Error('x'))],
  ])('may swallow what was thrown %s', async (_, fail) => {
    const swallows = (async (_: unknown, next: () => Promise<unknown>) => next().catch(() => undefined)) as never
    expect(await lambda().use(swallows).handle(fail)({}, fakeContext())).toBeUndefined()
    expect(await lambda(echo()).use(swallows).handle(fail)({ n: 1 }, fakeContext())).toEqual({ value: undefined })
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
