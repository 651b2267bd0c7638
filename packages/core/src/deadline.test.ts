import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda, type Middleware } from './index.ts'
import { reportTo } from './report.ts'

let warn: MockInstance
let error: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const hang = () => new Promise<never>(() => {})

describe('the deadline', () => {
  test('aborts the signal, and what listens to it unwinds in time', async () => {
    const log: string[] = []
    const unwinds: Middleware = async (_, next) => {
      try {
        return await next()
      } finally {
        log.push('unwound')
      }
    }
    const handler = lambda(echo(), { deadline: 100, grace: 50 })
      .use(unwinds)
      .handle(({ signal }) => sleep(60_000, 1, { signal }))
    expect(await handler({ n: 1 }, fakeContext({ timeout: 400 }))).toMatchObject({ error: 'DeadlineError' })
    expect(log).toEqual(['unwound'])
  })

  test('answers what does not listen, runs its overs, and lets it get no further', async () => {
    const log: string[] = []
    let awake: Promise<void> | undefined
    const handler = lambda(echo(), { deadline: 50, grace: 20 })
      .use((_, next) => next({}, (error) => log.push(`over ${(error as Error).name}`)))
      .use(async (_, next) => {
        awake = sleep(400)
        await awake
        return next()
      })
      .handle(() => log.push('handled'))
    const answer = await handler({ n: 1 }, fakeContext({ timeout: 200, awsRequestId: 'b' }))
    expect(answer).toEqual({ error: 'DeadlineError', message: "not done 50 ms before the function's timeout" })
    await awake
    await sleep(20)
    expect(log).toEqual(['over DeadlineError'])
    expect(error.mock.calls[0]?.[0]).toMatch(/^b: the invocation timed out/)
    expect(warn.mock.calls.at(-1)?.[0]).toMatch(/^b: ended after its deadline was answered: its error is dropped/)
  })

  test('drops a late result, but not silently', async () => {
    const handler = lambda(echo(), { deadline: 50, grace: 20 }).handle(() => sleep(300, 'late'))
    expect(await handler({ n: 1 }, fakeContext({ timeout: 150 }))).toMatchObject({ error: 'DeadlineError' })
    await sleep(350)
    expect(warn.mock.calls.at(-1)?.[0]).toMatch(/its result is dropped/)
  })

  test('leaves a dead context behind: later reads and writes throw, and the next invocation is not touched', async () => {
    const late: unknown[] = []
    let done: Promise<unknown> = Promise.resolve()
    const caught = (fn: () => unknown) => {
      try {
        return fn()
      } catch (error) {
        return (error as Error).message
      }
    }
    const handler = lambda(echo(), { deadline: 50, grace: 20 })
      .use((_, next) => next({ user: 'ann' }))
      .handle(async (ctx) => {
        if (ctx.n === 2) return Object.keys(ctx)
        done = sleep(300).then(() => {
          late.push(
            caught(() => ctx.user),
            caught(() => ctx.signal),
            caught(() => ctx.defer(() => {})),
            caught(() => Object.assign(ctx, { user: 'eve' })),
            caught(() => Object.assign(ctx, { other: 1 })),
            caught(() => Object.assign(Object.create(ctx), { user: 'eve' })),
          )
        })
        return hang()
      })
    await handler({ n: 1 }, fakeContext({ timeout: 150 }))
    await done
    expect(await handler({ n: 2 }, fakeContext())).toEqual({ value: ['event', 'context', 'n', 'user'] })
    expect(late).toHaveLength(6)
    for (const message of late) expect(message).toMatch(/of an invocation that its deadline has answered/)
  })

  test('is right for concurrent invocations with different times left', async () => {
    const handler = lambda(echo(), { deadline: 20, grace: 1 }).handle(hang)
    const start = Date.now()
    const ends = await Promise.all(
      [900, 300, 600, 120].map(async (timeout) => {
        await handler({ n: 1 }, fakeContext({ timeout }))
        return timeout - (Date.now() - start)
      }),
    )
    for (const early of ends) expect(early).toBeGreaterThan(-50)
  })

  test('has one timer, however many invocations are in flight', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const handler = lambda(echo()).handle(() => released)
    const context = fakeContext({ frozen: true })
    const running = Array.from({ length: 500 }, () => handler({ n: 1 }, context))
    expect(timers).toHaveBeenCalledTimes(1)
    release()
    await Promise.all(running)
  })

  test('comes at the limit of who waits, if that is sooner', async () => {
    const handler = lambda(echo(100), { deadline: 50, grace: 10 }).handle(hang)
    const answer = await handler({ n: 1 }, fakeContext({ timeout: 900_000 }))
    expect(answer.message).toBe('not done 25 ms before nobody waits for the answer any longer')
  })

  test('without a source aborts the signal, when that is asked for', async () => {
    const handler = lambda().handle(({ signal }) => sleep(60_000, 1, { signal }))
    await expect(handler({}, fakeContext({ timeout: 150 }))).rejects.toMatchObject({ name: 'AbortError' })
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await lambda().handle(() => 1)({}, fakeContext())
    expect(timers).not.toHaveBeenCalled()
  })

  test('that is over already aborts a signal from the start', async () => {
    const handler = lambda().handle(({ signal }) => signal.aborted)
    expect(await handler({}, fakeContext({ timeout: 0 }))).toBe(true)
  })
})

describe('defer', () => {
  test('may be taken off the context', async () => {
    const log: string[] = []
    const handler = lambda().handle(({ defer }) => defer(({ outcome }) => log.push(outcome)))
    await handler({}, fakeContext())
    expect(log).toEqual(['success'])
  })

  test('runs last first, with how the invocation ended, before the answer is given', async () => {
    const log: unknown[] = []
    const deferring = lambda(echo())
      .use((ctx, next) => {
        ctx.defer(({ outcome, error, result, summary }) => log.push([outcome, error?.message, result, summary]))
        ctx.defer(async () => {
          await sleep(5)
          log.push('waited for')
        })
        return next()
      })
      .handle(({ n }) => {
        if (n === 2) throw new Error('x')
        return n
      })
    await deferring({ n: 1 }, fakeContext())
    await deferring({ n: 2 }, fakeContext())
    expect(log).toEqual([
      ['success', undefined, { value: 1 }, { n: 1 }],
      'waited for',
      ['error', 'x', { error: 'Error', message: 'x' }, { n: 2 }],
      'waited for',
    ])
  })

  test('runs without a source, on results and errors', async () => {
    const log: unknown[] = []
    const handler = lambda<boolean>().handle((ctx) => {
      ctx.defer(async ({ outcome, result }) => {
        await sleep(1)
        log.push([outcome, result])
      })
      if (!ctx.event) throw new Error('no')
      return 'yes'
    })
    expect(await handler(true, fakeContext())).toBe('yes')
    await expect(handler(false, fakeContext())).rejects.toThrow('no')
    expect(log).toEqual([
      ['success', 'yes'],
      ['error', undefined],
    ])
  })

  test('runs after a deadline too, for as long as there is time', async () => {
    const log: unknown[] = []
    const handler = lambda(echo(), { deadline: 100, grace: 20 }).handle((ctx) => {
      ctx.defer(({ outcome }) => log.push(outcome))
      ctx.defer(hang)
      return hang()
    })
    expect(await handler({ n: 1 }, fakeContext({ timeout: 400 }))).toMatchObject({ error: 'DeadlineError' })
    expect(log).toEqual(['timeout'])
    expect(warn.mock.calls.at(-1)?.[0]).toMatch(/deferred functions are still running/)
  })

  test('reports what a deferred function throws, and the answer stands', async () => {
    const handler = lambda(echo()).handle((ctx) => {
      ctx.defer(() => {
        throw new Error('flush failed')
      })
      ctx.defer(async () => {
        throw new Error('async flush failed')
      })
      return 1
    })
    expect(await handler({ n: 1 }, fakeContext())).toEqual({ value: 1 })
    expect(warn.mock.calls.map(([line]) => line).join()).toMatch(
      /flush failed[\s\S]+async flush failed|async flush failed[\s\S]+flush failed/,
    )
  })

  test('neither a source that cannot describe itself nor a logger that fails takes the answer with it', async () => {
    const mute = {
      ...echo(),
      describe: () => {
        throw new Error('mute')
      },
    }
    const log: unknown[] = []
    const handler = lambda(mute)
      .use((ctx, next) => {
        reportTo(ctx, () => {
          throw new Error('disk full')
        })
        ctx.defer(({ outcome, summary }) => log.push(outcome, summary))
        return next()
      })
      .handle(() => {
        throw new Error('x')
      })
    expect(await handler({ n: 1 }, fakeContext())).toMatchObject({ message: 'x' })
    expect(log).toEqual(['error', {}])
    expect(error.mock.calls[0]?.[0]).toMatch(/the invocation failed/)
    expect(warn.mock.calls[0]?.[0]).toMatch(/mute/)
  })

  test('refuses what could never run', async () => {
    let later: (() => void) | undefined
    await lambda().handle((ctx) => {
      later = () => ctx.defer(() => {})
    })({}, fakeContext())
    expect(later).toThrow('after the invocation has ended')
    await expect(lambda().handle((ctx) => ctx.defer(5 as never))({}, fakeContext())).rejects.toThrow(
      'ctx.defer() takes a function, not number',
    )
  })
})
