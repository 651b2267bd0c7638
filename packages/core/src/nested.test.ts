import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { echo, trace } from '../test/echo.ts'
import { type AnyMiddleware, nested } from './extend.ts'
import { lambda } from './index.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

type Ctx = { readonly n: number; readonly added?: string }
const answer = (steps: readonly unknown[], fn: (ctx: Ctx) => unknown, n = 1) =>
  lambda(echo()).handle(nested(steps as AnyMiddleware[], fn as never))({ n }, fakeContext())

describe('middlewares round a part of a function', () => {
  test('wrap it as those of the chain do', async () => {
    const log: string[] = []
    const add = (_: unknown, next: (adds: object) => unknown) => next({ added: 'x' })
    expect(await answer([trace(log, 'a'), add, trace(log, 'b')], ({ n, added }) => [n, added])).toEqual({
      value: [1, 'x'],
    })
    expect(log).toEqual(['>a', '>b', '<b', '<a'])
  })

  test('need not be there', () => {
    const fn = () => 1
    expect(nested([], fn)).toBe(fn)
  })

  test('may answer early', async () => {
    let ran = false
    expect(
      await answer([async () => ({ early: true })], () => {
        ran = true
      }),
    ).toEqual({ value: { early: true } })
    expect(ran).toBe(false)
  })

  test('are told what they forgot', async () => {
    expect((await answer([async () => undefined], () => 1)).message).toBe(
      'a middleware returned neither next() nor a reply: it must `return next()`',
    )
    const drops = async (_: unknown, next: () => Promise<unknown>) => void (await next())
    expect((await answer([drops], () => 1)).message).toBe(
      'a middleware dropped what next() gave it: it must `return next()`',
    )
    expect(await answer([drops], () => undefined)).toEqual({ value: undefined })
  })

  test('begin nothing for an invocation that has been answered', async () => {
    vi.useFakeTimers()
    try {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const ran: string[] = []
      let go = () => {}
      const part = nested([trace(ran, 'a')] as AnyMiddleware[], () => ran.push('handler'))
      const handler = lambda(echo()).handle(async (ctx) => {
        // Until this is over, its context is still alive.
        ctx.defer(() => new Promise(() => {}))
        await new Promise<void>((resolve) => {
          go = resolve
        })
        return part(ctx)
      })
      const answer = handler({ n: 1 }, fakeContext({ timeout: 2000 }))
      await vi.advanceTimersByTimeAsync(1700)
      go()
      await vi.advanceTimersByTimeAsync(300)
      expect(await answer).toMatchObject({ error: 'DeadlineError' })
      expect(ran).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })
})
