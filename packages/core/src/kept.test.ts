import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fresh, lambda, live, renew, resource } from './index.ts'

// What an environment does with the cells of its resources, to the millisecond.

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01') })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const context = () => fakeContext({ timeout: 900_000 })

describe('a kept value', () => {
  const keeping = () => {
    const fetches: { answer: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = []
    const secrets = resource('secrets', {
      init: async (_, { keep }) =>
        live({
          db: await keep(
            fresh((signal) => new Promise<string>((answer, fail) => fetches.push({ answer, fail, signal })), {
              timeout: 60_000,
            }),
          ),
        }),
    })
    const handled: string[] = []
    const handler = lambda()
      .use(secrets)
      .handle(({ secrets }) => {
        handled.push(secrets.db)
        return secrets.db
      })
    return { fetches, handled, handler, ask: () => handler({}, context()) }
  }

  test('is refreshed beside the handler, whose answer waits half a second for that', async () => {
    const { fetches, handled, ask } = keeping()
    const first = ask()
    fetches[0]?.answer('v1')
    expect(await first).toBe('v1')
    await pass(225_000)
    let answer: string | undefined
    void ask().then((value) => {
      answer = value
    })
    expect(handled).toEqual(['v1', 'v1'])
    await pass(499)
    expect([answer, fetches[1]?.signal.aborted]).toEqual([undefined, false])
    await pass(1)
    expect([answer, fetches[1]?.signal.aborted]).toEqual(['v1', true])
    expect(vi.mocked(console.warn).mock.calls[0]?.[0]).toMatch(
      /a kept value could not be refreshed: the last good one serves\nError: the invocation ended first/,
    )
  })

  test('is looked after at its own time, whatever stands beside it', async () => {
    const fetches: string[] = []
    const keeping = <Key extends string>(key: Key, ...ttls: number[]) =>
      resource(key, {
        init: async (_, { keep }) => {
          for (const ttl of ttls)
            await keep(
              fresh(
                async () => {
                  fetches.push(`${key} ${ttl}`)
                },
                { ttl },
              ),
            )
        },
      })
    const handler = lambda()
      .use(keeping('a', 400_000, 200_000))
      .use(keeping('b', 100_000))
      .handle(() => 1)
    await handler({}, context())
    fetches.length = 0
    await pass(75_000)
    await handler({}, context())
    expect(fetches).toEqual(['b 100000'])
    await pass(74_000)
    await handler({}, context())
    expect(fetches).toEqual(['b 100000'])
    await pass(1000)
    await handler({}, context())
    expect(fetches).toEqual(['b 100000', 'a 200000', 'b 100000'])
  })

  test('is not looked at before it wants to be, also where somebody has put that off', async () => {
    const from = Date.now()
    const looks: string[] = []
    const mine = {
      next: from,
      due(now: number) {
        looks.push(`${now < mine.next ? 'early' : 'due'} at ${now - from}`)
        if (now < mine.next) return undefined
        mine.next = now + 1000
        return { wait: false, done: Promise.resolve(), abort: () => {} }
      },
    }
    const handler = lambda()
      .use(resource('mine', { init: async (_, { keep }) => void (await keep(mine)) }))
      .use(resource('other', { init: async (_, { keep }) => void (await keep(fresh(async () => 1))) }))
      .handle(() => 1)
    const askUntil = async (end: number) => {
      for (; Date.now() < from + end; await pass(100)) await handler({}, context())
      await handler({}, context())
    }
    await askUntil(1500)
    expect(looks.splice(0)).toEqual(['due at 0', 'due at 1000'])
    mine.next += 500
    await askUntil(2500)
    // When it wanted to be at first, to hear that it no longer does.
    expect(looks).toEqual(['early at 2000', 'due at 2500'])
  })

  test('that was renewed ages from then on', async () => {
    let fetches = 0
    const kept = resource('kept', {
      init: async (_, { keep }) => live({ it: await keep(fresh(async () => ++fetches, { ttl: 100_000 })) }),
    })
    const handler = lambda<boolean>()
      .use(kept)
      .handle(({ event, kept }) => (event ? renew(() => kept.it) : kept.it))
    await handler(false, context())
    await pass(50_000)
    expect(await handler(true, context())).toBe(2)
    await pass(74_999)
    expect(await handler(false, context())).toBe(2)
    await pass(1)
    await handler(false, context())
    expect(fetches).toBe(3)
  })

  test('is looked after for as long as its resource is there', async () => {
    const { fetches, handler, ask } = keeping()
    const first = ask()
    fetches[0]?.answer('v1')
    await first
    await handler.dispose()
    await pass(400_000)
    const second = ask()
    expect(fetches).toHaveLength(2)
    fetches[1]?.answer('v2')
    expect(await second).toBe('v2')
    expect(fetches).toHaveLength(2)
  })

  test('that cannot be had fails its resource, and is asked for again with it', async () => {
    const { fetches, ask } = keeping()
    const first = ask()
    fetches[0]?.fail(new Error('denied'))
    await expect(first).rejects.toThrow('the resource `secrets` could not be made: denied')
    const second = ask()
    fetches[1]?.answer('v1')
    expect(await second).toBe('v1')
  })

  test('is what a clock is read for: where there is none, none is', async () => {
    const handler = lambda()
      .use(resource('a', { init: () => 1 }))
      .handle(({ a }) => a)
    const it = context()
    await handler({}, it)
    const clock = vi.spyOn(Date, 'now')
    expect(await handler({}, it)).toBe(1)
    expect(clock).not.toHaveBeenCalled()
  })

  test('of two resources is fetched once', async () => {
    let fetches = 0
    const shared = fresh(async () => ++fetches)
    const handler = lambda()
      .use(resource('a', { init: async (_, { keep }) => live({ it: await keep(shared) }) }))
      .use(resource('b', { needs: ['a'], init: async (_, { keep }) => live({ it: await keep(shared) }) }))
      .handle(({ a, b }) => [a.it, b.it])
    expect(await handler({}, context())).toEqual([1, 1])
  })

  test('that has expired is waited for by all who come meanwhile, with one fetch', async () => {
    const { fetches, ask } = keeping()
    const first = ask()
    fetches[0]?.answer('v1')
    await first
    await pass(300_000)
    const both = [ask(), ask()]
    expect(fetches).toHaveLength(2)
    fetches[1]?.answer('v2')
    expect(await Promise.all(both)).toEqual(['v2', 'v2'])
    expect(await ask()).toBe('v2')
    expect(fetches).toHaveLength(2)
  })
})
