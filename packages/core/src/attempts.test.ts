import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { fresh, lambda, live, renew, resource } from './index.ts'

// When a resource is made, and made again: to the millisecond.

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01') })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const context = (timeout = 900_000) => fakeContext({ timeout })

/** A resource whose attempts end by hand. */
const byHand = () => {
  const attempts: { make: (value: string) => void; fail: (error: unknown) => void }[] = []
  const disposed: unknown[] = []
  const made = resource('it', {
    init: () =>
      new Promise<string>((make, fail) => {
        attempts.push({ make, fail })
      }),
    dispose: (value) => disposed.push(value),
  })
  const handler = lambda(echo())
    .use(made)
    .handle(({ it }) => it)
  return { made, handler, attempts, disposed, ask: () => handler({ n: 1 }, context()) }
}

test('after its second failure in a row an init is left alone for longer and longer, up to five seconds', async () => {
  let tries = 0
  let works = false
  const flaky = resource('flaky', {
    init: () => {
      tries++
      if (!works) throw new Error(`no. ${tries}`)
      return tries
    },
  })
  const handler = lambda()
    .use(flaky)
    .handle(({ flaky }) => flaky)
  const ask = () => handler({}, context()).catch((error: Error) => error.message)
  const says = (n: number) => `the resource \`flaky\` could not be made: no. ${n}`
  expect([await ask(), await ask(), await ask()]).toEqual([says(1), says(2), says(2)])
  for (const [i, pause] of [200, 400, 800, 1600, 3200, 5000, 5000].entries()) {
    await pass(pause - 1)
    expect(await ask()).toBe(says(i + 2))
    await pass(1)
    expect(await ask()).toBe(says(i + 3))
  }
  works = true
  await pass(5000)
  expect(await ask()).toBe(10)
  await handler.dispose()
  works = false
  // It starts from the beginning.
  expect([await ask(), await ask(), await ask()]).toEqual([says(11), says(12), says(12)])
})

test.each([
  ['text', '"text" was thrown'],
  [undefined, 'undefined was thrown'],
  [{ message: 'x' }, 'an object was thrown'],
])('an init may throw what is no Error, such as %o', async (thrown, words) => {
  const { ask, attempts } = byHand()
  const answer = ask()
  attempts[0]?.fail(thrown)
  expect(await answer).toEqual({
    error: 'ResourceError',
    message: `the resource \`it\` could not be made: ${words}, which is not an Error: throw new Error(…)`,
  })
})

test('an attempt that has not ended after ten seconds is taken for hung', async () => {
  const { ask, attempts, disposed } = byHand()
  const first = ask()
  await pass(9_999)
  const second = ask()
  expect(attempts).toHaveLength(1)
  await pass(1)
  const third = ask()
  expect(attempts).toHaveLength(2)
  attempts[1]?.make('new')
  expect(await third).toEqual({ value: 'new' })
  attempts[0]?.make('old')
  await pass(0)
  expect(disposed).toEqual(['old'])
  expect([await first, await second]).toEqual([{ value: 'new' }, { value: 'new' }])
})

test('what comes of a hung attempt that fails late is nobody’s failure', async () => {
  const { ask, attempts } = byHand()
  const first = ask()
  await pass(10_000)
  const second = ask()
  attempts[0]?.fail(new Error('late'))
  await pass(0)
  attempts[1]?.make('made')
  expect(await second).toEqual({ value: 'made' })
  expect((await first).message).toMatch('late')
  expect(await ask()).toEqual({ value: 'made' })
})

describe('dispose', () => {
  test('waits a second for what is being made, and then lets it go when it is there', async () => {
    const { handler, ask, attempts, disposed } = byHand()
    void ask()
    let gone = false
    void handler.dispose().then(() => {
      gone = true
    })
    await pass(999)
    expect(gone).toBe(false)
    await pass(1)
    expect(gone).toBe(true)
    attempts[0]?.make('late')
    await pass(0)
    expect(disposed).toEqual(['late'])
  })

  test('is done at once with what was never made, and once with what was', async () => {
    const { handler, ask, attempts, disposed } = byHand()
    await handler.dispose()
    const first = ask()
    attempts[0]?.make('value')
    await first
    await handler.dispose()
    await handler.dispose()
    expect(disposed).toEqual(['value'])
  })

  test('throws all that failed, after it has tried all', async () => {
    const failing = <Key extends string>(key: Key) =>
      resource(key, { init: () => key, dispose: (value) => Promise.reject(new Error(value)) })
    const handler = lambda()
      .use(failing('a'))
      .use(failing('b'))
      .handle(({ a, b }) => a + b)
    await handler({}, context())
    const error = await handler.dispose().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(AggregateError)
    expect(error).toMatchObject({ message: 'dispose failed', errors: [{ message: 'b' }, { message: 'a' }] })
  })

  test('of one function is heard of by the others, which make anew what they share', async () => {
    const { made, handler, ask, attempts } = byHand()
    const other = lambda()
      .use(made)
      .handle(({ it }) => it)
    const first = ask()
    attempts[0]?.make('one')
    await first
    expect(await other({}, context())).toBe('one')
    await handler.dispose()
    const again = other({}, context())
    expect(attempts).toHaveLength(2)
    attempts[1]?.make('two')
    expect(await again).toBe('two')
    expect(await ask()).toEqual({ value: 'two' })
  })
})

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
    const handler = lambda()
      .use(secrets)
      .handle(({ secrets }) => secrets.db)
    return { fetches, handler, ask: () => handler({}, context()) }
  }

  test('is refreshed beside the handler, whose answer waits half a second for that', async () => {
    const { fetches, ask } = keeping()
    const first = ask()
    fetches[0]?.answer('v1')
    expect(await first).toBe('v1')
    await pass(225_000)
    let answer: string | undefined
    void ask().then((value) => {
      answer = value
    })
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
