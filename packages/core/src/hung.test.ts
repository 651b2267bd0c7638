import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { byHand, context } from '../test/by-hand.ts'
import { lambda, resource } from './index.ts'

// What becomes of an attempt that hung, or was frozen with its environment, and of the one in its place.

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
  expect(await first).toEqual({ error: 'ResourceError', message: 'the resource `it` could not be made: late' })
  expect(await ask()).toEqual({ value: 'made' })
})

test('nor does it count when the next one fails', async () => {
  const { ask, attempts } = byHand()
  void ask()
  await pass(10_000)
  const second = ask()
  attempts[0]?.fail(new Error('late'))
  await pass(0)
  attempts[1]?.fail(new Error('down'))
  expect((await second).message).toBe('the resource `it` could not be made: down')
  const third = ask()
  attempts[2]?.make('made')
  expect(await third).toEqual({ value: 'made' })
})

test('the attempt that has taken the place of a hung one is shared, also when that has ended', async () => {
  const { ask, attempts, disposed } = byHand()
  const first = ask()
  await pass(10_000)
  const second = ask()
  attempts[0]?.make('old')
  await pass(0)
  const third = ask()
  expect([attempts.length, disposed]).toEqual([2, ['old']])
  attempts[1]?.make('new')
  expect(await Promise.all([first, second, third])).toEqual(Array(3).fill({ value: 'new' }))
  expect(attempts).toHaveLength(2)
})

test('what comes late of a resource that has nothing to dispose of is dropped', async () => {
  const attempts: ((value: string) => void)[] = []
  const made = resource('it', { init: () => new Promise<string>((make) => attempts.push(make)) })
  const handler = lambda()
    .use(made)
    .handle(({ it }) => it)
  const first = handler({}, context())
  await pass(10_000)
  const second = handler({}, context())
  attempts[0]?.('old')
  await pass(0)
  attempts[1]?.('new')
  expect(await Promise.all([first, second])).toEqual(['new', 'new'])
})

describe('beside a resource that takes its time, one that has failed', () => {
  const both = () => {
    const { made, attempts } = byHand()
    let tries = 0
    const fails = resource('fails', {
      init: () => {
        throw new Error(`no. ${++tries}`)
      },
    })
    const handler = lambda()
      .use(fails)
      .use(made)
      .handle(() => 1)
    const ask = () => handler({}, context()).catch((error: Error) => error.message)
    return { ask, attempts, tries: () => tries }
  }
  const says = (n: number) => `the resource \`fails\` could not be made: no. ${n}`

  test('is tried once for all who come meanwhile', async () => {
    const { ask, attempts, tries } = both()
    const first = ask()
    await pass(100)
    const second = ask()
    await pass(100)
    attempts[0]?.make('made')
    expect([await first, await second, tries()]).toEqual([says(1), says(1), 1])
  })

  test('is tried again when that has hung, and once more then', async () => {
    const { ask, attempts, tries } = both()
    const first = ask()
    await pass(10_000)
    const second = ask()
    await pass(5_000)
    expect(tries()).toBe(2)
    attempts[0]?.fail(new Error('late'))
    expect(await first).toBe(`${says(1)}; the resource \`it\` could not be made: late`)
    const third = ask()
    await pass(0)
    expect([attempts.length, tries()]).toEqual([2, 2])
    attempts[1]?.make('made')
    expect([await second, await third, tries()]).toEqual([says(2), says(2), 2])
  })
})
