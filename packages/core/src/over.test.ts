import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda, type Middleware } from './index.ts'

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
