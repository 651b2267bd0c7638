import { type Cell, fresh } from '@fnware/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { together } from './together.ts'

const ttl = 100_000
let now = Date.parse('2026-01-01')
/** When each round of fetches was, and of how many cells. */
let fetched: [at: number, count: number][] = []
let failing = new Set<number>()
const begun = Date.parse('2026-01-01')

beforeEach(() => {
  now = begun
  fetched = []
  failing = new Set()
  vi.useFakeTimers({ toFake: ['Date'], now })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})
const pass = (ms: number) => vi.setSystemTime((now += ms))

const cells = (count: number): Cell<string>[] =>
  Array.from({ length: count }, (_, i) =>
    fresh(
      async () => {
        const last = fetched.at(-1)
        if (last?.[0] === now - begun) last[1]++
        else fetched.push([now - begun, 1])
        if (failing.has(i)) throw new Error(`no ${i}`)
        return `${i} at ${now - begun}`
      },
      { ttl, stale: ttl },
    ),
  )

test('what was fetched together is refreshed together, before its time is over', async () => {
  const all = cells(20)
  const kept = together(all, ttl)
  await kept.due(now)?.done
  for (let second = 0; second < 400; second++) {
    pass(1000)
    const due = kept.due(now)
    expect(due?.wait ?? false).toBe(false)
    await due?.done
  }
  expect(fetched.map(([, count]) => count)).toEqual(fetched.map(() => 20))
  const gaps = fetched.slice(1).map(([at], i) => at - (fetched[i] as [number, number])[0])
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(75_000)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(96_000)
})

test('environments that began at once do not refresh at once', async () => {
  const random = vi.spyOn(Math, 'random')
  const next = async (count: number) => {
    random.mockReturnValue(0.5)
    const kept = together(cells(count), ttl)
    random.mockReturnValue(0)
    await kept.due(now)?.done
    return kept.next - now
  }
  expect(await next(20)).toBe(77_500)
  // One that is alone has a time of its own.
  expect(await next(1)).toBe(75_000)
})

test('a value that has expired is waited for, with all the others', async () => {
  const all = cells(3)
  const kept = together(all, ttl)
  await kept.due(now)?.done
  pass(ttl + 1)
  const due = kept.due(now)
  expect(due?.wait).toBe(true)
  await due?.done
  expect(all.map(({ value }) => value)).toEqual(['0 at 100001', '1 at 100001', '2 at 100001'])
})

test('what fails is told at once, and tried again by itself and without delay, while the others are refreshed', async () => {
  const all = cells(3)
  const kept = together(all, ttl)
  await kept.due(now)?.done
  failing.add(0).add(2)
  pass(ttl + 1)
  await expect(kept.due(now)?.done).resolves.toMatchObject({ name: 'AggregateError', message: 'no 0; no 2' })
  failing.delete(2)
  pass(5000)
  await expect(kept.due(now)?.done).resolves.toMatchObject({ message: 'no 0' })
  expect(all.map(({ value }) => value)).toEqual(['0 at 0', '1 at 100001', '2 at 105001'])
  failing.clear()
  pass(5000)
  await expect(kept.due(now)?.done).resolves.toBeUndefined()
  expect(all[0]?.value).toBe('0 at 110001')
})

test('the first fetch fails with all that failed', async () => {
  failing.add(1)
  await expect(together(cells(3), ttl).due(now)?.done).rejects.toThrow('no 1')
  failing.add(2)
  await expect(together(cells(3), ttl).due(now)?.done).rejects.toMatchObject({
    name: 'AggregateError',
    message: 'no 1; no 2',
  })
})

test('whoever gives up gives them all up', async () => {
  let aborted = 0
  const hanging = Array.from({ length: 2 }, () =>
    fresh((signal) => new Promise(() => signal.addEventListener('abort', () => aborted++))),
  )
  const due = together(hanging, ttl).due(now)
  due?.abort()
  await expect(due?.done).rejects.toThrow('the invocation ended first')
  expect(aborted).toBe(2)
})

test('of none there is nothing to do', () => {
  expect(together([], ttl).due(now)).toBeUndefined()
})
