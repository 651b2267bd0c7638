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

test('not even its clock is read any more, be it the first or another', async () => {
  const handler = lambda(echo(), options).handle(({ n }) => (n === 1 ? hang() : n))
  const clocks: string[] = []
  const ask = (name: string, n: number, timeout: number) => {
    const context = fakeContext({ timeout })
    const getRemainingTimeInMillis = () => {
      clocks.push(name)
      return context.getRemainingTimeInMillis()
    }
    return handler({ n }, { ...context, getRemainingTimeInMillis })
  }
  const first = ask('first', 2, 500)
  void ask('hangs', 1, 1000)
  void ask('hangs longer', 1, 3000)
  const last = ask('last', 2, 500)
  await Promise.all([first, last])
  clocks.length = 0
  await pass(950)
  expect(new Set(clocks)).toEqual(new Set(['hangs', 'hangs longer']))
  clocks.length = 0
  await pass(1950)
  expect(new Set(clocks)).toEqual(new Set(['hangs longer']))
  expect(timedOut()).toBe(2)
})

test('who ends as another is told of its deadline, at the same time as its own, is in time', async () => {
  // A thenable that answers when it is told to, and not a moment later.
  let release = () => {}
  const answer = () => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what it is
    then: (resolve: (answer: object) => void) => {
      release = () => resolve({ value: 'in time' })
    },
  })
  const handler = lambda({ ...echo(), answer } as never as ReturnType<typeof echo>, options).handle(({ n, signal }) => {
    if (n === 2) return 2
    signal.addEventListener('abort', () => release())
    return hang()
  })
  const first = handler({ n: 1 }, fakeContext({ timeout: 1000 }))
  const second = handler({ n: 2 }, fakeContext({ timeout: 1000 }))
  await pass(2000)
  expect(await first).toMatchObject({ error: 'DeadlineError' })
  expect(await second).toEqual({ value: 'in time' })
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

test('it is not armed again for who is out of time soon', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const handler = lambda(echo(), options).handle(hang)
  for (let i = 0; i < 3; i++) void handler({ n: 1 }, fakeContext({ timeout: 200 }))
  await pass(150)
  expect(timedOut()).toBe(3)
  expect(timers).toHaveBeenCalledTimes(1)
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
