import { AsyncLocalStorage } from 'node:async_hooks'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda } from './index.ts'

// In whose AsyncLocalStorage the deadline speaks to an invocation. Timers that are faked fire in that of the test.

const store = new AsyncLocalStorage<string>()
let log: string[]
let error: MockInstance
const seen = (what: string) => void log.push(`${what} in ${store.getStore()}`)
beforeEach(() => {
  log = []
  error = vi.spyOn(console, 'error').mockImplementation(() => seen('line'))
})
afterEach(() => error.mockRestore())

const source = {
  ...echo(),
  fail: () => {
    seen('answer')
    return {}
  },
}
const options = { deadline: 20, grace: 10 }
const hang = () => new Promise<never>(() => {})

/** A function that has something told at its end, and hangs, or ends at once where `n` is 0. */
const told = (way: 'signal' | 'over' | 'defer') => {
  const handler = lambda(source, options)
    .use((ctx, next) => {
      if (way === 'defer') ctx.defer(() => seen('deferred'))
      return next({}, ...(way === 'over' ? [() => seen('over')] : []))
    })
    .handle((ctx) => {
      if (way === 'signal') ctx.signal.addEventListener('abort', () => seen('abort'))
      return ctx.n ? hang() : undefined
    })
  return (name: string, timeout: number, n = 1) => store.run(name, () => handler({ n }, fakeContext({ timeout })))
}
const ways = [
  ['signal', ['abort', 'answer', 'line']],
  ['over', ['over', 'answer', 'line']],
  ['defer', ['answer', 'line', 'deferred']],
] as const

/** Sorted: on a busy machine both may come at once. */
const both = (heard: readonly string[]) => heard.flatMap((what) => [`${what} in a`, `${what} in b`]).toSorted()

describe('at the deadline an invocation is told in its own storage', () => {
  test.each(ways)('what asked by %s, beside another', async (way, heard) => {
    const ask = told(way)
    await Promise.all([ask('a', 60), ask('b', 60)])
    expect(log.toSorted()).toEqual(both(heard))
  })

  test.each(ways)('what asked by %s, where one that came later is out of time sooner', async (way, heard) => {
    const ask = told(way)
    await Promise.all([ask('a', 120), ask('b', 60)])
    expect(log.toSorted()).toEqual(both(heard))
  })

  test.each(ways)('what asked by %s, where one before it armed the timer and has ended', async (way, heard) => {
    const ask = told(way)
    await ask('a', 60, 0)
    log = []
    await ask('b', 120)
    expect(log).toEqual(heard.map((what) => `${what} in b`))
  })

  test('and answered in it, where it has asked for nothing, beside another', async () => {
    const handler = lambda(source, options).handle(hang)
    const ask = (name: string, timeout: number) => store.run(name, () => handler({ n: 1 }, fakeContext({ timeout })))
    await Promise.all([ask('a', 60), ask('b', 120)])
    expect(log.toSorted()).toEqual(both(['answer', 'line']))
  })

  test('and not in one that was opened further in', async () => {
    const handler = lambda(source, options)
      .use((_, next) => next({}, () => seen('over')))
      .use((_, next) => store.run('inner', () => next({}, () => seen('inner over'))))
      .handle(hang)
    await store.run('a', () => handler({ n: 1 }, fakeContext({ timeout: 60 })))
    expect(log).toEqual(['inner over in a', 'over in a', 'answer in a', 'line in a'])
  })
})
