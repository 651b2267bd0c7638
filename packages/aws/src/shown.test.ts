import { inspect } from 'node:util'
import { type Cell, fresh, renew } from '@fnware/core'
import { afterEach, expect, test, vi } from 'vitest'
import { lazily } from './lazily.ts'
import { shown } from './shown.ts'

afterEach(() => {
  vi.useRealTimers()
})

const counting = (options: Parameters<typeof fresh>[1] = {}) => {
  const fetch = vi.fn(async () => ({ a: `hunter${fetch.mock.calls.length}`, b: 'b' }))
  return { fetch, cell: fresh(fetch, options) }
}
const entry = <T extends object>(cell: Cell<T>, key: keyof T, lazy = false) => ({
  cell,
  lazy,
  read: (fetched: T) => fetched[key],
})

test('what is found is the latest, a part of a cell each', async () => {
  const { cell } = counting()
  await cell.due(Date.now())?.done
  const found = shown('secrets', { a: entry(cell, 'a'), b: entry(cell, 'b') }) as { a: string; b: string }
  expect([found.a, found.b]).toEqual(['hunter1', 'b'])
  expect(await renew(() => found.a)).toBe('hunter2')
  expect(found.a).toBe('hunter2')
})

test('nothing of it shows', async () => {
  const { cell } = counting()
  await cell.due(Date.now())?.done
  const found = shown('secrets', { a: entry(cell, 'a'), rare: entry(cell, 'b', true) })
  expect(inspect(found, { showHidden: true, getters: true })).toBe('[secrets: a, rare]')
  expect(JSON.stringify([found, { ...found }, Object.entries(found)])).toBe('[{},{},[]]')
})

test('what is lazy is a function, which fetches when it is called and once for all', async () => {
  const { cell, fetch } = counting()
  const found = shown('secrets', { rare: entry(cell, 'a', true) }) as { rare: () => Promise<string> }
  expect(fetch).not.toHaveBeenCalled()
  expect(await Promise.all([found.rare(), found.rare()])).toEqual(['hunter1', 'hunter1'])
  expect(await renew(() => found.rare())).toBe('hunter2')
  expect(fetch).toHaveBeenCalledTimes(2)
})

test('an ageing value that cannot be refreshed soon serves, and the fetch is given up', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  const signals: AbortSignal[] = []
  const cell = fresh(
    async (signal) => {
      signals.push(signal)
      if (signals.length > 1) await new Promise(() => {})
      return 'one'
    },
    { ttl: 60_000 },
  )
  const read = lazily(cell)
  await read()
  vi.setSystemTime(Date.now() + 55_000)
  expect(await read()).toBe('one')
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true])
})
