import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { byHand, context } from '../test/by-hand.ts'
import { lambda, resource } from './index.ts'

// When a resource is made, and made again: to the millisecond.

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01') })
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

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

  test('lets it go also where another attempt has begun', async () => {
    const { handler, ask, attempts, disposed } = byHand()
    const first = ask()
    void handler.dispose()
    await pass(10_000)
    const second = ask()
    attempts[0]?.make('late')
    await pass(0)
    expect(disposed).toEqual(['late'])
    attempts[1]?.make('new')
    expect(await Promise.all([first, second])).toEqual(Array(2).fill({ value: 'new' }))
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

  test('that never settles is named, and the others are disposed of all the same', async () => {
    const log: string[] = []
    const a = resource('a', { init: () => 1, dispose: () => log.push('a') })
    const hangs = resource('hangs', { init: () => 2, dispose: () => new Promise(() => {}) })
    const handler = lambda()
      .use(a)
      .use(hangs)
      .handle(() => 1)
    await handler({}, context())
    const disposed = handler.dispose().catch((error: AggregateError) => error.errors.map(({ message }) => message))
    await pass(9_999)
    expect(log).toEqual([])
    await pass(1)
    expect(await disposed).toEqual(['the resource `hangs` was not let go within 10000 ms'])
    expect(log).toEqual(['a'])
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
