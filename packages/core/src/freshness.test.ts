import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fresh, live, renew } from './index.ts'

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

/** A service whose answers are given by hand. */
const service = () => {
  const calls: { signal: AbortSignal; answer: (value: unknown) => void; fail: (error: Error) => void }[] = []
  const fetch = (signal: AbortSignal) =>
    new Promise<unknown>((answer, fail) => {
      calls.push({ signal, answer, fail })
    })
  return { calls, fetch }
}
/** A cell that has been fetched once, and its service. */
const fetched = async (options?: Parameters<typeof fresh>[1]) => {
  const { calls, fetch } = service()
  const cell = fresh(fetch, options)
  const first = cell.due(Date.now())
  calls[0]?.answer('v1')
  await first?.done
  return { cell, calls }
}
const due = (cell: ReturnType<typeof fresh>) => {
  const due = cell.due(Date.now())
  // Not every test waits for what it asks for.
  due?.done.catch(() => {})
  return due
}
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
    ['answers', (call: ReturnType<typeof service>['calls'][number]) => call.answer('old')],
    ['fails', (call: ReturnType<typeof service>['calls'][number]) => call.fail(new Error('old'))],
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

test('live shows the latest values, by name, to whoever asks for one, and not to a log', async () => {
  const { cell, calls } = await fetched()
  const values = live({ secret: cell })
  expect([values.secret, Object.keys(values), JSON.stringify(values)]).toEqual(['v1', [], '{}'])
  const renewed = renew(() => values.secret)
  calls[1]?.answer('v2')
  expect(await renewed).toBe('v2')
  expect(values.secret).toBe('v2')
})
