import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import * as z from 'zod'
import { batch } from '../extend.ts'
import { lambda, resource, stack } from '../index.ts'

interface Record {
  readonly id: string
  readonly body: string
}
const queue = () =>
  batch({
    name: 'queue',
    records: (event: readonly Record[]) => event,
    id: ({ id }) => id,
    open: (record) => ({ record, json: JSON.parse(record.body) as unknown }),
    payload: ({ json }) => json,
    answer: ({ undone }) => undone.map(({ id }) => id),
  })
const records = (...bodies: unknown[]): Record[] =>
  bodies.map((body, i) => ({ id: `m${i}`, body: typeof body === 'string' ? body : JSON.stringify(body) }))
const Job = z.object({ n: z.int() })

let error: MockInstance
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('each', () => {
  test('runs once for each record, and reports alone what failed, once', async () => {
    const base = stack().use(resource('db', { init: () => ({ get: (n: number) => n * 10 }) }))
    const done: number[] = []
    const handler = lambda(queue())
      .use(base)
      .input(Job)
      .each(({ input, record, db }) => {
        if (input.n === 0) throw new Error(`none in ${record.id}`)
        done.push(db.get(input.n))
      })
    expect(await handler(records({ n: 1 }, { n: 0 }, 'not json', { n: 'x' }, { n: 2 }), fakeContext())).toEqual([
      'm1',
      'm2',
      'm3',
    ])
    expect(done).toEqual([10, 20])
    expect(error.mock.calls.map(([line]) => /the record (\w+) failed\n(\w+)/.exec(line)?.slice(1))).toEqual([
      ['m1', 'Error'],
      ['m2', 'SyntaxError'],
      ['m3', 'InputError'],
    ])
  })

  test('keeps to its limit of concurrency', async () => {
    let running = 0
    let most = 0
    const run = (options: object) =>
      lambda(queue()).each(async () => {
        most = Math.max(most, ++running)
        await sleep(2)
        running--
      }, options)
    await run({})(records(1, 2, 3, 4), fakeContext())
    expect(most).toBe(1)
    await run({ concurrency: 3 })(records(1, 2, 3, 4, 5, 6), fakeContext())
    expect(most).toBe(3)
  })

  test('gives each record a context of its own, which inherits the batch’s', async () => {
    const seen: string[] = []
    const handler = lambda(queue())
      .use((_, next) => next({ tag: 'batch' }))
      .each(
        ({ record }, next) => next({ tag: `of ${record.id}` as string }),
        async ({ tag, record }, next) => {
          await sleep(Math.random() * 5)
          return next({ key: `${tag} ${record.id}` })
        },
        ({ key, tag, event, signal }) => {
          expect(event).toHaveLength(64)
          expect(signal.aborted).toBe(false)
          seen.push(`${tag} = ${key}`)
        },
        { concurrency: 64 },
      )
    expect(await handler(records(...Array(64).keys()), fakeContext())).toEqual([])
    expect(seen.sort()).toEqual(Array.from({ length: 64 }, (_, i) => `of m${i} = of m${i} m${i}`).sort())
  })

  test('hands back at the deadline what is not done, and runs the overs of what hangs', async () => {
    const overs: string[] = []
    const handler = lambda(queue(), { deadline: 50, grace: 20 })
      .input(Job)
      .each(
        ({ record }, next) => next({}, (error) => overs.push(`${record.id} ${(error as Error | undefined)?.name}`)),
        ({ input }) => (input.n > 9 ? new Promise(() => {}) : undefined),
        { concurrency: 2 },
      )
    const event = records({ n: 1 }, { n: 10 }, { n: 2 }, { n: 10 }, { n: 3 })
    expect(await handler(event, fakeContext({ timeout: 200 }))).toEqual(['m1', 'm3', 'm4'])
    expect(overs).toEqual(['m0 undefined', 'm2 undefined', 'm1 DeadlineError', 'm3 DeadlineError'])
  })

  test('fails a record whose middleware forgets next(), or calls it twice', async () => {
    const forgets = lambda(queue()).each(
      (async ({ record }: { record: Record }, next: () => unknown) =>
        record.id === 'm0' ? undefined : next()) as never,
      () => {},
    )
    expect(await forgets(records(1, 2), fakeContext())).toEqual(['m0'])
    const twice = lambda(queue()).each(
      async ({ record }, next) => {
        if (record.id === 'm0') await next()
        return next()
      },
      () => {},
    )
    expect(await twice(records(1, 2), fakeContext())).toEqual(['m0'])
    expect(error.mock.calls.map(([line]) => line).join()).toMatch(/did not call next\(\)[\s\S]+next\(\) twice/)
  })

  test('does not begin with a record that was handed back', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const done: string[] = []
    const handler = lambda(queue(), { deadline: 50, grace: 20 }).each(
      async ({ record }, next) => {
        if (record.id === 'm1') await sleep(300)
        return next()
      },
      ({ record }) => done.push(record.id),
    )
    expect(await handler(records(1, 2), fakeContext({ timeout: 150 }))).toEqual(['m1'])
    await sleep(300)
    expect(done).toEqual(['m0'])
  })

  test('begins nothing more at the deadline, and a record that fails after it is no longer news', async () => {
    vi.useFakeTimers()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const begun: string[] = []
    let go = () => {}
    const handler = lambda(queue()).each(
      async ({ record, signal }) => {
        begun.push(record.id)
        if (record.id === 'm0') await new Promise((resolve) => signal.addEventListener('abort', resolve))
        else {
          await new Promise<void>((resolve) => {
            go = resolve
          })
          throw new Error('late')
        }
      },
      { concurrency: 2 },
    )
    const answer = handler(records(1, 2, 3), fakeContext({ timeout: 2000, awsRequestId: 'id' }))
    await vi.advanceTimersByTimeAsync(1700)
    expect(await answer).toEqual(['m1', 'm2'])
    go()
    await vi.advanceTimersByTimeAsync(0)
    vi.useRealTimers()
    expect(begun).toEqual(['m0', 'm1'])
    expect(error.mock.calls.map(([line]) => String(line).split('\n')[0])).toEqual(['id: the invocation timed out'])
    expect(warn.mock.calls.map(([line]) => line)).toEqual([
      'id: ended after its deadline was answered: its result is dropped',
    ])
  })

  test('takes any number for no limit', async () => {
    const handler = lambda(queue()).each(() => {}, { concurrency: Number.MAX_SAFE_INTEGER })
    expect(await handler(records(1, 2), fakeContext())).toEqual([])
    expect(await handler([], fakeContext())).toEqual([])
  })

  test('lets Lambda see what fails before there are records', async () => {
    const handler = lambda(queue())
      .use(() => Promise.reject(new Error('no token')))
      .each(() => {})
    await expect(handler(records(1), fakeContext())).rejects.toThrow('no token')
  })

  test('lets Lambda see an event that is not its source’s', async () => {
    const strict = {
      name: 'strict',
      records: (event: readonly Record[]) => {
        if (!Array.isArray(event)) throw new TypeError('no queue')
        return event
      },
      id: () => 'x',
      open: () => ({}),
      payload: () => undefined,
      answer: () => 'answered' as const,
    }
    const handler = lambda(batch(strict)).each(() => {})
    await expect(handler({} as never, fakeContext())).rejects.toThrow('no queue')
    expect(await handler([], fakeContext())).toBe('answered')
    expect(batch(strict).is).toBeUndefined()
    expect(batch({ ...strict, is: Array.isArray }).is?.([])).toBe(true)
  })

  test('says how many of its records failed', async () => {
    const summaries: unknown[] = []
    const handler = lambda(queue())
      .use((ctx, next) => {
        ctx.defer(({ summary }) => summaries.push(summary))
        return next()
      })
      .each(({ json }) => {
        if (json === 2) throw new Error()
      })
    await handler(records(1, 2), fakeContext())
    expect(summaries).toEqual([{ records: 2, failed: 1 }])
  })

  test('runs what is given to next() when its record is done, with how that ended, and writes down what that throws', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const overs: unknown[] = []
    const handler = lambda(queue()).each(
      (_, next) => next({}, (error) => overs.push((error as Error | undefined)?.message)),
      ({ json }) => {
        if (json === 2) throw new Error('two')
      },
    )
    expect(await handler(records(1, 2), fakeContext())).toEqual(['m1'])
    expect(overs).toEqual([undefined, 'two'])
    expect(warn).not.toHaveBeenCalled()
    const throws = lambda(queue()).each(
      (_, next) =>
        next({}, () => {
          throw new Error('in over')
        }),
      () => {},
    )
    expect(await throws(records(1), fakeContext({ awsRequestId: 'id' }))).toEqual([])
    expect(warn.mock.calls[0]?.[0]).toMatch(/^id: an `over` given to next\(\) failed\nError: in over/)
  })

  test.each([
    [2.9, 2],
    [0.5, 1],
    [0, 1],
  ])('takes a concurrency of %d for %i', async (concurrency, expected) => {
    let running = 0
    let most = 0
    const handler = lambda(queue()).each(
      async () => {
        most = Math.max(most, ++running)
        await sleep(1)
        running--
      },
      { concurrency },
    )
    await handler(records(1, 2, 3, 4), fakeContext())
    expect(most).toBe(expected)
  })

  test('checks its arguments', () => {
    expect(() => lambda(queue()).each(() => {}, { concurency: 2 } as never)).toThrow('did you mean `concurrency`?')
    expect(() => lambda(queue()).each(undefined as never)).toThrow('.each() takes a function')
  })
})
