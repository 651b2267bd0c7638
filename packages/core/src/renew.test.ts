import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Call, due, fetched } from '../test/fetched.ts'
import { fresh, live, renew } from './index.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01') })
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** What became of a promise so far. */
const state = async (promise: Promise<unknown> | undefined) => {
  const pending = Symbol('pending')
  const settled = await Promise.race([
    Promise.resolve(promise).then(
      (value) => ['resolved', value],
      (error) => ['rejected', error instanceof Error ? error.message : error],
    ),
    pass(0).then(() => pending),
  ])
  return settled === pending ? ['pending'] : settled
}

describe('renew', () => {
  test('fetches what was read, once a second, and waits for what is under way', async () => {
    const { cell, calls } = await fetched()
    const [one, other] = [renew(() => cell.value), renew(() => cell.value)]
    expect(calls).toHaveLength(2)
    expect(await state(other)).toEqual(['pending'])
    calls[1]?.answer('v2')
    expect([await one, await other]).toEqual(['v2', 'v2'])
    await pass(999)
    expect(await renew(() => cell.value)).toBe('v2')
    expect(calls).toHaveLength(2)
    await pass(1)
    const third = renew(() => cell.value)
    expect(calls).toHaveLength(3)
    calls[2]?.answer('v3')
    expect(await third).toBe('v3')
  })

  test.each([
    ['answers', (call: Call) => call.answer('old')],
    ['fails', (call: Call) => call.fail(new Error('old'))],
  ])('replaces what was begun before, which changes nothing when it %s', async (_, end) => {
    const { cell, calls } = await fetched()
    await pass(230_000)
    due(cell)
    const renewed = renew(() => cell.value)
    if (calls[1]) end(calls[1])
    await pass(0)
    expect(cell.value).toBe('v1')
    expect(due(cell)?.wait).toBe(false)
    expect(calls).toHaveLength(3)
    calls[2]?.answer('new')
    expect(await renewed).toBe('new')
    expect(cell.value).toBe('new')
  })

  test('is not taken away by an invocation that ends', async () => {
    const { cell, calls } = await fetched()
    await pass(230_000)
    const renewed = renew(() => cell.value)
    due(cell)?.abort()
    expect(calls[1]?.signal.aborted).toBe(false)
    calls[1]?.answer('v2')
    expect(await renewed).toBe('v2')
  })

  test('fails where fetching fails, and where the selector does', async () => {
    const { cell, calls } = await fetched()
    const failing = renew(() => cell.value)
    calls[1]?.fail(new Error('down'))
    await expect(failing).rejects.toThrow('down')
    await pass(1000)
    const selecting = renew(async () => {
      throw new Error(`no use for ${String(cell.value)}`)
    })
    calls[2]?.answer('v3')
    await expect(selecting).rejects.toThrow('no use for v3')
    await expect(
      renew(() => {
        throw new Error('at once')
      }),
    ).rejects.toThrow('at once')
  })

  test('leaves alone what others read, also meanwhile', async () => {
    const one = await fetched()
    const other = await fetched()
    const outer = renew(() => {
      const inner = renew(() => other.cell.value)
      const read = one.cell.value
      return inner.then((value) => [read, value])
    })
    void other.cell.value
    expect([one.calls.length, other.calls.length]).toEqual([2, 2])
    other.calls[1]?.answer('o2')
    one.calls[1]?.answer('v2')
    expect(await outer).toEqual(['v2', 'o2'])
    void one.cell.value
    expect(await renew(() => 5)).toBe(5)
    expect(one.calls).toHaveLength(2)
  })
})

test('renew tells the fetch which value was found wrong, and an ordinary fetch of none', async () => {
  const told: unknown[] = []
  const cell = fresh(async (_, wrong) => {
    told.push(wrong?.value)
    return `v${told.length}`
  })
  await due(cell)?.done
  expect(await renew(() => cell.value)).toBe('v2')
  await pass(300_000)
  await due(cell)?.done
  expect(told).toEqual([undefined, 'v1', undefined])
})

test('live shows the latest values, by name, to whoever asks for one, and not to a log', async () => {
  const { cell, calls } = await fetched()
  const values = live({ secret: cell })
  expect([values.secret, Object.keys(values), JSON.stringify(values)]).toEqual(['v1', [], '{}'])
  const renewed = renew(() => values.secret)
  calls[1]?.answer('v2')
  expect(await renewed).toBe('v2')
  expect(values.secret).toBe('v2')
})
