import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { due, fetched, service } from '../test/fetched.ts'
import { fresh } from './index.ts'

// A cell by itself, to the millisecond: what an environment does with it is in fresh.test.ts.

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

describe('a value', () => {
  test('is wanted at once, waited for, and undefined until it is there', async () => {
    const { calls, fetch } = service()
    const cell = fresh(fetch)
    expect(cell.value).toBeUndefined()
    const first = due(cell)
    expect(first?.wait).toBe(true)
    calls[0]?.answer('v1')
    expect(await state(first?.done)).toEqual(['resolved', undefined])
    expect(cell.value).toBe('v1')
  })

  test.each([
    ['three quarters', 0, 225_000],
    ['nine tenths', 1, 270_000],
  ])('ages when %s of its time are over, and expires when all are', async (_, random, age) => {
    vi.mocked(Math.random).mockReturnValue(random)
    const wait = async (ms: number) => {
      const { cell } = await fetched()
      await pass(ms)
      return due(cell)?.wait
    }
    expect(await wait(age - 1)).toBeUndefined()
    expect(await wait(age)).toBe(false)
    expect(await wait(299_999)).toBe(false)
    expect(await wait(300_000)).toBe(true)
  })

  test('is replaced whole, and good for its time again', async () => {
    const { cell, calls } = await fetched({ ttl: 1000 })
    await pass(750)
    const refresh = due(cell)
    await pass(100)
    calls[1]?.answer('v2')
    await refresh?.done
    expect(cell.value).toBe('v2')
    await pass(749)
    expect(due(cell)).toBeUndefined()
    await pass(1)
    expect(due(cell)?.wait).toBe(false)
  })

  test('is frozen through and through, but for bytes', async () => {
    const { calls, fetch } = service()
    const cell = fresh(fetch)
    const first = due(cell)
    const inner = { list: [{ a: 1 }], bytes: Buffer.from('x'), none: null, text: 'x', self: {} }
    inner.self = inner
    calls[0]?.answer(inner)
    await first?.done
    for (const part of [cell.value, inner.list, inner.list[0]]) expect(Object.isFrozen(part)).toBe(true)
    expect(Object.isFrozen(inner.bytes)).toBe(false)
  })
})

describe('a fetch', () => {
  test('is one, however many ask', async () => {
    const { calls, fetch } = service()
    const cell = fresh(fetch)
    const all = [due(cell), due(cell), due(cell)]
    expect(calls).toHaveLength(1)
    calls[0]?.answer('v1')
    for (const it of all) expect(await state(it?.done)).toEqual(['resolved', undefined])
  })

  test('is aborted when the last who looked after it goes, which is no failure', async () => {
    const { cell, calls } = await fetched()
    await pass(230_000)
    const [one, other] = [due(cell), due(cell)]
    one?.abort()
    expect(calls[1]?.signal.aborted).toBe(false)
    other?.abort()
    expect(calls[1]?.signal.reason).toMatchObject({ message: 'the invocation ended first' })
    await pass(0)
    expect(due(cell)?.wait).toBe(false)
    expect(calls).toHaveLength(3)
  })

  test('is over before anybody aborts it', async () => {
    const { calls, fetch } = service()
    const cell = fresh(fetch, { timeout: 50 })
    const first = due(cell)
    calls[0]?.answer('v1')
    await first?.done
    await pass(1000)
    expect(calls[0]?.signal.aborted).toBe(false)
  })

  test.each([
    [undefined, 5000],
    [50, 50],
  ])('with a time-out of %s takes no longer than %i ms', async (timeout, ms) => {
    const { fetch, calls } = service()
    const first = due(fresh(fetch, timeout === undefined ? {} : { timeout }))
    await pass(ms - 1)
    expect(await state(first?.done)).toEqual(['pending'])
    await pass(1)
    expect(await state(first?.done)).toEqual(['rejected', `no answer within ${ms} ms`])
    expect(calls[0]?.signal.aborted).toBe(true)
  })

  test('that was frozen with its environment is not joined, and what comes of it is dropped', async () => {
    vi.useRealTimers()
    vi.useFakeTimers({ toFake: ['Date'], now: 0 })
    const { calls, fetch } = service()
    const cell = fresh(fetch, { timeout: 50_000 })
    const first = due(cell)
    vi.setSystemTime(49_999)
    due(cell)
    expect(calls).toHaveLength(1)
    vi.setSystemTime(50_000)
    const second = due(cell)
    expect(calls).toHaveLength(2)
    await expect(first?.done).rejects.toThrow('frozen with its environment')
    calls[1]?.answer('new')
    await second?.done
    calls[0]?.answer('old')
    await Promise.resolve()
    expect(cell.value).toBe('new')
  })

  test('may throw at once', async () => {
    const cell = fresh(() => {
      throw new Error('at once')
    })
    expect(await state(due(cell)?.done)).toEqual(['rejected', 'at once'])
  })
})

describe('while fetching fails', () => {
  test.each([
    [undefined, 5000],
    [1000, 100],
  ])('a value without which nobody can go on is not asked for again at once (ttl %s)', async (ttl, pause) => {
    const { calls, fetch } = service()
    const cell = fresh(fetch, ttl === undefined ? {} : { ttl })
    const first = due(cell)
    calls[0]?.fail(new Error('down'))
    expect(await state(first?.done)).toEqual(['rejected', 'down'])
    await pass(pause - 1)
    const meanwhile = due(cell)
    expect(meanwhile?.wait).toBe(true)
    meanwhile?.abort()
    expect(await state(meanwhile?.done)).toEqual(['rejected', 'down'])
    expect(calls).toHaveLength(1)
    await pass(1)
    const again = due(cell)
    expect(calls).toHaveLength(2)
    calls[1]?.answer('v1')
    expect(await state(again?.done)).toEqual(['resolved', undefined])
  })

  test('the last good one serves to the end of its age, and nobody waits', async () => {
    const { cell, calls } = await fetched({ ttl: 100_000, stale: 50_000 })
    await pass(100_000)
    const first = due(cell)
    expect(first?.wait).toBe(true)
    calls[1]?.fail(new Error('down'))
    expect(await state(first?.done)).toEqual(['resolved', expect.objectContaining({ message: 'down' })])
    expect(due(cell)).toBeUndefined()
    await pass(4999)
    expect(due(cell)).toBeUndefined()
    await pass(1)
    const second = due(cell)
    expect(second?.wait).toBe(false)
    calls[2]?.fail(new Error('down'))
    expect(await state(second?.done)).toEqual(['resolved', expect.objectContaining({ message: 'down' })])
    await pass(44_999)
    const last = due(cell)
    expect(last?.wait).toBe(false)
    await pass(1)
    expect(due(cell)?.wait).toBe(true)
    calls[3]?.fail(new Error('still down'))
    expect(await state(last?.done)).toEqual(['rejected', 'still down'])
    const tooOld = due(cell)
    expect(tooOld?.wait).toBe(true)
    expect(await state(tooOld?.done)).toEqual(['rejected', 'still down'])
  })

  test('for an hour by default', async () => {
    const { cell, calls } = await fetched()
    await pass(300_000 + 3_600_000 - 1)
    const last = due(cell)
    calls[1]?.fail(new Error('down'))
    expect(await state(last?.done)).toEqual(['resolved', expect.objectContaining({ message: 'down' })])
    await pass(1)
    expect(await state(due(cell)?.done)).toEqual(['rejected', 'down'])
  })

  test('one success is enough to forget it', async () => {
    const { cell, calls } = await fetched({ ttl: 1000 })
    await pass(1000)
    const first = due(cell)
    calls[1]?.fail(new Error('down'))
    await first?.done
    await pass(100)
    const second = due(cell)
    calls[2]?.answer('v2')
    await second?.done
    await pass(1000)
    expect(due(cell)?.wait).toBe(true)
  })
})

test('a fetch that is aborted because its invocation ended says where that was', async () => {
  const { fetch } = service()
  const cell = fresh(fetch)
  const errors: Error[] = []
  for (let i = 0; i < 2; i++) {
    const it = due(cell)
    const failed = it?.done.catch((error: Error) => errors.push(error))
    it?.abort()
    await failed
  }
  expect(errors.map(({ message }) => message)).toEqual(Array(2).fill('the invocation ended first'))
  expect(errors[0]).not.toBe(errors[1])
  for (const { stack } of errors) expect(stack).toContain('freshness.test.ts')
})
