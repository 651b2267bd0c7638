import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda, resource } from './index.ts'
import { type Reporter, reportTo } from './report.ts'

let warn: MockInstance
let error: MockInstance
beforeEach(() => {
  vi.useFakeTimers()
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const lines = (log: MockInstance) => log.mock.calls.map(([line]) => String(line).split('\n', 1)[0])
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const context = (timeout: number) => fakeContext({ awsRequestId: 'id', timeout })

describe.each([
  ['with a source', (fn: (ctx: never) => unknown) => lambda(echo()).handle(fn as never)],
  ['without a source', (fn: (ctx: never) => unknown) => lambda<{ n: number }>().handle(fn as never)],
])('what was deferred %s', (_, handle) => {
  type Ctx = { defer(fn: (ending: never) => unknown): void }

  test('holds the answer back until 50 ms before the timeout, and no longer', async () => {
    let answered = false
    const handler = handle((ctx: Ctx) => ctx.defer(() => new Promise(() => {})))
    void handler({ n: 1 }, context(2000)).then(() => {
      answered = true
    })
    await pass(1949)
    expect(answered).toBe(false)
    expect(warn).not.toHaveBeenCalled()
    await pass(1)
    expect(answered).toBe(true)
    expect(warn.mock.calls).toEqual([['id: deferred functions are still running: the answer waits for them no longer']])
  })

  test('is waited for together, and no longer than it takes', async () => {
    let answered = false
    const after = (ms: number) => () => new Promise((resolve) => setTimeout(resolve, ms))
    const handler = handle((ctx: Ctx) => {
      ctx.defer(after(100))
      ctx.defer(after(300))
    })
    void handler({ n: 1 }, context(2000)).then(() => {
      answered = true
    })
    await pass(299)
    expect(answered).toBe(false)
    await pass(1)
    expect(answered).toBe(true)
    expect(warn).not.toHaveBeenCalled()
  })

  test('costs no timer where it is done at once', async () => {
    const handler = handle((ctx: Ctx) => ctx.defer(() => 5))
    // That of the deadline is armed by the first.
    await handler({ n: 1 }, context(2000))
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await handler({ n: 1 }, context(2000))
    expect(timers).not.toHaveBeenCalled()
  })

  test('may fail, which is written down', async () => {
    const handler = handle((ctx: Ctx) => {
      ctx.defer(() => Promise.reject(new Error('later')))
      ctx.defer(() => {
        throw new Error('at once')
      })
    })
    await handler({ n: 1 }, context(2000))
    expect(warn.mock.calls.map(([line]) => String(line).split('\n    at')[0])).toEqual([
      'id: a deferred function failed\nError: at once',
      'id: a deferred function failed\nError: later',
    ])
  })
})

test('what was waited for in time leaves no timer behind', async () => {
  const handler = lambda().handle((ctx) => ctx.defer(() => new Promise((resolve) => setTimeout(resolve, 100))))
  const answer = handler({}, context(2000))
  await pass(100)
  await answer
  expect(vi.getTimerCount()).toBe(0)
})

test('the limit of who waits counts for what was deferred too', async () => {
  let answered = false
  const handler = lambda(echo(1000)).handle((ctx) => ctx.defer(() => new Promise(() => {})))
  void handler({ n: 1 }, context(900_000)).then(() => {
    answered = true
  })
  await pass(949)
  expect(answered).toBe(false)
  await pass(1)
  expect(answered).toBe(true)
})

describe('a logger that took over', () => {
  const reported = () => {
    const log: unknown[] = []
    const report: Reporter = (...line) => log.push(line)
    return { log, report }
  }

  test('is told what Lambda is to see', async () => {
    const { log, report } = reported()
    const thrown = new Error('x')
    const handler = lambda()
      .use((ctx, next) => {
        reportTo(ctx, report)
        return next()
      })
      .handle(() => {
        throw thrown
      })
    await expect(handler({}, context(2000))).rejects.toBe(thrown)
    expect(log).toEqual([['error', 'the invocation failed', thrown]])
    expect(error).not.toHaveBeenCalled()
  })

  test('is told of what an over throws', async () => {
    const { log, report } = reported()
    const thrown = new Error('in over')
    const handler = lambda()
      .use((ctx, next) => {
        reportTo(ctx, report)
        return next({}, () => {
          throw thrown
        })
      })
      .handle(() => 1)
    expect(await handler({}, context(2000))).toBe(1)
    expect(log).toEqual([['warn', 'an `over` given to next() failed', thrown]])
  })

  test('and fails leaves it to the console', async () => {
    const handler = lambda(echo()).handle((ctx) => {
      reportTo(ctx, () => {
        throw new Error('disk full')
      })
      throw new Error('x')
    })
    await handler({ n: 1 }, context(2000))
    expect(lines(error)).toEqual(['id: the invocation failed'])
  })

  test('without one, what Lambda sees is logged by Lambda alone', async () => {
    const handler = lambda().handle(() => {
      throw new Error('x')
    })
    await handler({}, context(2000)).catch(() => {})
    expect([error, warn].flatMap(lines)).toEqual([])
  })
})

test('a function without resources is ready, and has nothing to dispose of', async () => {
  const handler = lambda(echo()).handle(({ n }) => n)
  expect(await handler.ready()).toBeUndefined()
  expect(await handler.dispose()).toBeUndefined()
  expect(await handler({ n: 1 }, context(2000))).toEqual({ value: 1 })
})

test('what .with() was given is taken then, and not later', async () => {
  const values = { a: 'given' }
  const handler = lambda()
    .use(resource('a', { init: () => 'made' }))
    .handle(({ a }) => a)
  const faked = handler.with(values)
  values.a = 'changed'
  expect(await faked({}, context(2000))).toBe('given')
})
