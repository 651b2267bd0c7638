import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda } from './index.ts'

// One timer looks after all invocations of a function, each of which has a time of its own.

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const timedOut = () => vi.mocked(console.error).mock.calls.length
const hang = () => new Promise<never>(() => {})
const options = { deadline: 100, grace: 0 }

test('each is answered at its own time, once, whatever the others have left', async () => {
  const handler = lambda(echo(), options).handle(hang)
  const ends = [5000, 1000, 3000, 850].map((timeout) => {
    const seen = { timeout, answered: false }
    void handler({ n: 1 }, fakeContext({ timeout })).then(() => {
      seen.answered = true
    })
    return seen
  })
  for (let now = 50; now <= 5000; now += 50) {
    await pass(50)
    for (const { timeout, answered } of ends)
      expect([timeout, now, answered]).toEqual([timeout, now, now >= timeout - 100])
  }
  expect(timedOut()).toBe(4)
})

test('who has been answered is looked at no more', async () => {
  const overs: string[] = []
  const handler = lambda(echo(), options)
    .use(({ n }, next) => next({}, (error) => overs.push(`${n} ${(error as Error | undefined)?.name}`)))
    .handle(({ n }) => (n === 1 ? hang() : n))
  const first = handler({ n: 1 }, fakeContext({ timeout: 1000 }))
  for (const n of [2, 3]) await handler({ n }, fakeContext({ timeout: 500 }))
  await pass(2000)
  await first
  expect(overs).toEqual(['2 undefined', '3 undefined', '1 DeadlineError'])
  expect(timedOut()).toBe(1)
})

test('it is one timer, which is armed anew only for who is out of time much sooner, and goes with the last', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const handler = lambda(echo(), options).handle(hang)
  for (let i = 0; i < 50; i++) void handler({ n: 1 }, fakeContext({ timeout: 5000 - i }))
  expect(timers).toHaveBeenCalledTimes(1)
  void handler({ n: 1 }, fakeContext({ timeout: 1000 }))
  expect(timers).toHaveBeenCalledTimes(2)
  expect(vi.getTimerCount()).toBe(1)
  await pass(4900)
  expect(timedOut()).toBe(51)
  expect(vi.getTimerCount()).toBe(0)
})

test('who has no clock is not answered, also beside one who has, and where nobody would wait', async () => {
  const handler = lambda(echo(200), options).handle(hang)
  let answered = false
  void handler({ n: 1 }, {} as never).then(() => {
    answered = true
  })
  void handler({ n: 1 }, fakeContext({ timeout: 1000 }))
  await pass(100_000)
  expect(answered).toBe(false)
  expect(timedOut()).toBe(1)
})

test('a signal is the same whenever it is asked for, and one asked for afterwards costs no timer', async () => {
  const kept: { readonly signal: AbortSignal }[] = []
  const handler = lambda().handle((ctx) => {
    kept.push(ctx)
    if (ctx.event !== 1) return false
    const { signal } = ctx
    return signal === ctx.signal
  })
  expect(await handler(1, fakeContext())).toBe(true)
  expect(await handler(2, fakeContext())).toBe(false)
  expect(kept.map(({ signal }) => signal.aborted)).toEqual([false, false])
  expect(vi.getTimerCount()).toBe(0)
})
