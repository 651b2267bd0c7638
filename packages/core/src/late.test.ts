import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { lambda, resource } from './index.ts'

let warn: MockInstance
let error: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const lines = (log: MockInstance) => log.mock.calls.map(([line]) => String(line).split('\n', 1)[0])
const context = (timeout: number) => fakeContext({ awsRequestId: 'id', timeout })
const hang = () => new Promise<never>(() => {})

describe('at the deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve))
  /** How an invocation stands: what has been answered so far. */
  const watched = <T>(answer: Promise<T>) => {
    const seen: { answer?: T } = {}
    void answer.then((answer) => (seen.answer = answer))
    return seen
  }
  const message = "not done 500 ms before the function's timeout"

  test('half a second before the timeout the signal aborts, and 200 ms later the source answers', async () => {
    let signal: AbortSignal | undefined
    const handler = lambda(echo()).handle((ctx) => {
      signal = ctx.signal
      return hang()
    })
    const seen = watched(handler({ n: 1 }, context(10_000)))
    await pass(9_499)
    expect(signal?.aborted).toBe(false)
    await pass(1)
    expect(signal?.aborted).toBe(true)
    expect(signal?.reason).toMatchObject({ name: 'DeadlineError', message })
    await pass(199)
    expect(seen.answer).toBeUndefined()
    await pass(1)
    expect(seen.answer).toEqual({ error: 'DeadlineError', message })
  })

  test('comes in time also where there is hardly any', async () => {
    const handler = lambda(echo()).handle(hang)
    const seen = watched(handler({ n: 1 }, context(80)))
    await pass(69)
    expect(seen.answer).toBeUndefined()
    await pass(1)
    expect(seen.answer?.message).toBe("not done 20 ms before the function's timeout")
  })

  test('is nobody’s where there is no clock', async () => {
    let go = (_: string) => {}
    const handler = lambda(echo()).handle(
      () =>
        new Promise<string>((resolve) => {
          go = resolve
        }),
    )
    const seen = watched(handler({ n: 1 }, {} as never))
    await pass(1_000_000)
    expect(seen.answer).toBeUndefined()
    go('at last')
    await pass(0)
    expect(seen.answer).toEqual({ value: 'at last' })
  })

  test('waits longer than a timer can', async () => {
    const handler = lambda(echo()).handle(hang)
    const month = 30 * 24 * 3_600_000
    const seen = watched(handler({ n: 1 }, context(month)))
    await pass(month - 301)
    expect(seen.answer).toBeUndefined()
    await pass(1)
    expect(seen.answer?.message).toBe(message)
  })

  test('a source that is still answering has been too slow', async () => {
    let release = (_: { value: unknown }) => {}
    const source = {
      ...echo(),
      answer: () =>
        new Promise<{ value: unknown }>((resolve) => {
          release = resolve
        }),
    }
    const seen = watched(lambda(source).handle(({ n }) => n)({ n: 1 }, context(2000)))
    await pass(1700)
    expect(seen.answer).toMatchObject({ error: 'DeadlineError' })
    release({ value: 1 })
    await pass(0)
    expect(lines(warn)).toEqual(['id: ended after its deadline was answered: its result is dropped'])
    expect(lines(error)).toEqual(['id: the invocation timed out'])
  })

  test('a source is not asked to answer what comes after it', async () => {
    let go = (_: number) => {}
    const answered: unknown[] = []
    const source = { ...echo(), answer: (value: unknown) => ({ value: answered.push(value) }) }
    const handler = lambda(source).handle(
      () =>
        new Promise<number>((resolve) => {
          go = resolve
        }),
    )
    void handler({ n: 1 }, context(2000))
    await pass(1700)
    go(5)
    await pass(0)
    expect(answered).toEqual([])
    expect(lines(warn)).toEqual(['id: ended after its deadline was answered: its result is dropped'])
  })

  test('what gives up since it is told to is the deadline’s; any other error stays its own', async () => {
    const handler = lambda(echo()).handle(async ({ n, signal }) => {
      if (n === 1) throw new DOMException('by itself', 'AbortError')
      await aborted(signal)
      if (n === 2) throw new DOMException('told to', 'AbortError')
      throw new TypeError('mine')
    })
    const answers = [1, 2, 3].map((n) => watched(handler({ n }, context(2000))))
    await pass(1500)
    expect(answers.map(({ answer }) => answer)).toEqual([
      { error: 'AbortError', message: 'by itself' },
      { error: 'DeadlineError', message },
      { error: 'TypeError', message: 'mine' },
    ])
  })

  test.each([
    ['at that very moment', 1500],
    ['in the grace', 1600],
  ])('a signal that is first asked for %s has aborted', async (_, when) => {
    let read = () => {}
    const handler = lambda(echo()).handle(async (ctx) => {
      await new Promise<void>((resolve) => {
        read = resolve
      })
      return [ctx.signal.aborted, ctx.signal.reason]
    })
    const seen = watched(handler({ n: 1 }, context(2000)))
    await pass(when)
    read()
    await pass(0)
    expect(seen.answer).toEqual({ value: [true, expect.objectContaining({ name: 'DeadlineError', message })] })
  })

  test('nothing of a chain begins any more', async () => {
    const ran: string[] = []
    let go = () => {}
    const handler = lambda(echo())
      .use(async (_, next) => {
        await new Promise<void>((resolve) => {
          go = resolve
        })
        return next()
      })
      .handle(() => ran.push('handler'))
    const seen = watched(handler({ n: 1 }, context(2000)))
    await pass(1700)
    expect(seen.answer).toMatchObject({ error: 'DeadlineError' })
    go()
    await pass(0)
    expect(ran).toEqual([])
    expect(lines(warn)).toEqual(['id: ended after its deadline was answered: its error is dropped'])
  })

  test('nor where it was the resources that took too long', async () => {
    const ran: string[] = []
    let go = (_: number) => {}
    const slow = resource('slow', {
      init: () =>
        new Promise<number>((resolve) => {
          go = resolve
        }),
    })
    const handler = lambda(echo())
      .use(slow)
      .use((_, next) => {
        ran.push('middleware')
        return next()
      })
      .handle(() => ran.push('handler'))
    const seen = watched(handler({ n: 1 }, context(2000)))
    await pass(1700)
    expect(seen.answer).toMatchObject({ error: 'DeadlineError' })
    go(1)
    await pass(0)
    expect(ran).toEqual([])
    expect(lines(warn)).toEqual(['id: ended after its deadline was answered: its error is dropped'])
  })

  test('a signal of what ended in time never aborts', async () => {
    const kept: AbortSignal[] = []
    await lambda(echo()).handle(({ signal }) => void kept.push(signal))({ n: 1 }, context(2000))
    await lambda().handle(({ signal }) => void kept.push(signal))({}, context(2000))
    await pass(10_000)
    expect(kept.map(({ aborted }) => aborted)).toEqual([false, false])
  })

  test('without a source there is only the signal, half a second before the timeout', async () => {
    let signal: AbortSignal | undefined
    const handler = lambda().handle((ctx) => {
      signal = ctx.signal
      return hang()
    })
    void handler({}, context(2000))
    await pass(1499)
    expect(signal?.aborted).toBe(false)
    await pass(1)
    expect(signal?.reason).toMatchObject({ name: 'DeadlineError', message })
  })

  test('a context that was frozen is left as it is', async () => {
    const handler = lambda(echo()).handle((ctx) => {
      Object.freeze(ctx)
      return hang()
    })
    const seen = watched(handler({ n: 1 }, context(2000)))
    await pass(1700)
    expect(seen.answer).toMatchObject({ error: 'DeadlineError' })
  })

  test('a context that is dead can still be looked at, and shows nothing', async () => {
    let dead: object = {}
    const handler = lambda(echo()).handle((ctx) => {
      dead = ctx
      return hang()
    })
    void handler({ n: 1 }, context(2000))
    await pass(1700)
    expect(Object.keys(dead)).toEqual([])
    expect(Object.prototype.toString.call(dead)).toBe('[object Object]')
    expect(() => Object.assign(dead, { [Symbol('mine')]: 1 })).toThrow(TypeError)
    expect(() => (dead as { user: unknown }).user).toThrow(
      '`user` of an invocation that its deadline has answered: nothing that comes now reaches anybody',
    )
  })
})
