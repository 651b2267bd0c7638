import { type Context, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { httpApiEvent, interleave, yielding, yields } from './index.ts'

interface Marked {
  readonly mark: string
}
const marked = (mark: string): Marked => ({ mark })

/** Keeps the invocation's mark where all of them can get at it. */
const leaky = (give: (mark: string) => unknown) => {
  let current = ''
  return lambda<Marked, unknown>()
    .use(({ event }, next) => {
      current = event.mark
      return next()
    })
    .use(yielding())
    .handle(() => give(current))
}
const sawAnother = (where: string) =>
  new RegExp(
    `^invocation (\\d+) saw what belongs to invocation (?!\\1,)\\d+, in ${where} \\(seed \\d+\\): .*mark-`,
    's',
  )

describe('a clean function', () => {
  test('runs 64 at once, each with a context, a result and a log of its own, in order', async () => {
    let running = 0
    let most = 0
    const handler = lambda<Marked>()
      .use(yielding())
      .use(({ event }, next) => {
        most = Math.max(most, ++running)
        return next({ mark: event.mark }, () => running--)
      })
      .use(yielding(2))
      .handle(({ mark, context }) => {
        console.log(JSON.stringify({ mark }))
        return { mark, id: context.awsRequestId }
      })
    const { results, logs } = await interleave(handler, marked)
    expect(results).toHaveLength(64)
    expect(most).toBeGreaterThan(10)
    expect(results.map(({ mark }) => mark.split('-')[1])).toEqual(results.map((_, i) => String(i)))
    expect(logs.map(({ json }) => json)).toEqual(results.map(({ mark }) => [{ mark }]))
    expect(new Set(results.map(({ id }) => id)).size).toBe(64)
  })

  test('may answer in base64, in what JSON cannot say, or only in its log or its error’s', async () => {
    const base64 = lambda(http()).handle(({ request }) => new TextEncoder().encode(request.query.mark))
    await interleave(base64, (mark) => httpApiEvent({ query: { mark } }))
    const handlers: ((mark: string) => unknown)[] = [
      (mark) => new Map([[mark, new Set([mark])]]),
      (mark) => {
        const circular: { mark: string; self?: unknown } = { mark }
        circular.self = circular
        return circular
      },
      (mark) => new TextEncoder().encode(mark),
      (mark) => console.log(mark),
    ]
    for (const give of handlers)
      await interleave(
        lambda<Marked, unknown>().handle(({ event }) => give(event.mark)),
        marked,
      )
  })
})

describe('a function that keeps an invocation in its module', () => {
  test.each([
    ['its result', (mark: string) => mark],
    ['its result', (mark: string) => new Map([[{ deep: [[[[[mark]]]]] }, 1]])],
    ['its result', (mark: string) => new TextEncoder().encode(mark)],
    ['a line of its log', (mark: string) => console.log('the user is', mark)],
    ['a line of its log', (mark: string) => void process.stderr.write(`${'x'.repeat(2000)}${mark}\n`)],
    [
      'its error',
      (mark: string) => {
        throw new Error('wrong', { cause: { mark } })
      },
    ],
    [
      'the body of its result',
      (mark: string) => ({ statusCode: 200, body: Buffer.from(mark).toString('base64'), isBase64Encoded: true }),
    ],
  ])('is caught, in %s', async (where, give) => {
    await expect(interleave(leaky(give), marked)).rejects.toThrow(sawAnother(where))
  })

  test('is caught where only the request id gives it away', async () => {
    let current: Context | undefined
    const handler = async (_: unknown, context: Context) => {
      current = context
      await yields()
      return current.awsRequestId
    }
    await expect(interleave(handler, () => ({}))).rejects.toThrow(/saw what belongs to invocation \d+, in its result/)
  })

  test('is caught in the same way again with the same seed', async () => {
    const failure = (seed: number) =>
      interleave(
        leaky((mark) => mark),
        marked,
        { seed },
      ).then(
        () => 'none',
        (error: Error) => error.message,
      )
    const first = await failure(7)
    expect(first).toMatch(/\(seed 7\)/)
    expect(await failure(7)).toBe(first)
    expect(new Set(await Promise.all([1, 2, 3, 4, 5].map(failure))).size).toBe(5)
  })
})

describe('without marks', () => {
  const events = Array.from({ length: 10 }, (_, n) => ({ n }))
  const double = async ({ n }: { n: number }) => {
    await yields()
    console.log(n)
    return n * 2
  }

  test('a check is given all of each invocation', async () => {
    const seen: unknown[] = []
    const { results, logs } = await interleave(double, events, {
      check: (result, event, context, logs) => {
        expectTypeOf(result).toEqualTypeOf<number>()
        expectTypeOf(event).toEqualTypeOf<{ n: number }>()
        expect(result).toBe(event.n * 2)
        seen.push(context.awsRequestId, logs.text[0])
      },
    })
    expect(results).toEqual(events.map(({ n }) => n * 2))
    expect(new Set(seen).size).toBe(20)
    expect(logs.map(({ text }) => text[0])).toEqual(events.map(({ n }) => String(n)))
    expect((await interleave(double, events, { count: 3, check: () => {} })).results).toEqual([0, 2, 4])
  })

  test('what a check throws says whose it was', async () => {
    const check = async (result: number) => {
      if (result === 8) throw new Error('not eight')
    }
    const failure = await interleave(double, events, { seed: 3, check }).catch((error: Error) => error)
    expect(failure).toMatchObject({
      message: 'the check of invocation 4 failed (seed 3): not eight\nIt wrote:\n4',
      cause: { message: 'not eight' },
    })
  })

  test('there must be a check', async () => {
    await expect(interleave(double, events)).rejects.toThrow('events without marks need a `check`')
  })
})

test('a mark that comes back nowhere is refused, since it would show no leak, unless there is a check', async () => {
  const silent = async (event: Marked) => {
    await yields()
    return event.mark.length > 0
  }
  await expect(interleave(silent, marked)).rejects.toThrow('the mark of invocation 0 came back neither')
  const { results } = await interleave(silent, marked, { check: (result) => expect(result).toBe(true), count: 2 })
  expect(results).toEqual([true, true])
})

test('a failure says whose it was, and waits for the others', async () => {
  let ended = 0
  const handler = async ({ mark }: Marked) => {
    try {
      await yields()
      console.log('looking at', mark)
      if (/^mark-(5|9)-/.test(mark)) throw new TypeError('boom')
      await new Promise((resolve) => setTimeout(resolve, 2))
      return mark
    } finally {
      ended++
    }
  }
  const failure = await interleave(handler, marked, { seed: 1 }).catch((error: Error) => error)
  expect(failure).toMatchObject({
    message: expect.stringMatching(
      /^invocation 5 failed \(as 2 of 64 did\) \(seed 1\): boom\nIt wrote:\nlooking at mark-5-\w+\.$/,
    ),
    cause: expect.any(TypeError),
  })
  expect(ended).toBe(64)
})

test('a handler that throws at once fails its own invocation alone', async () => {
  const handler = (event: Marked): Promise<string> => {
    throw new Error(`no ${event.mark}`)
  }
  await expect(interleave(handler, marked, { count: 3 })).rejects.toThrow(
    /^invocation 0 failed \(as 3 of 3 did\) \(seed \d+\): no mark-0-/,
  )
})

test('invocations get the time they are given', async () => {
  const handler = async (event: Marked, context: Context) => [event.mark, context.getRemainingTimeInMillis() <= 500]
  const { results } = await interleave(handler, marked, { timeout: 500, count: 4 })
  expect(results.every(([, within]) => within)).toBe(true)
})

test('options are checked', async () => {
  const handler = async (event: Marked) => event.mark
  await expect(interleave(handler, marked, { cuont: 5 } as never)).rejects.toThrow('did you mean `count`?')
  await expect(interleave(handler, marked, { count: 1 })).rejects.toThrow('there must be two at least')
  await expect(interleave(handler, [], { check: () => {} })).rejects.toThrow('there must be two at least')
})

test('seeds as large as can be are seeds', async () => {
  const { seed } = await interleave(async (event: Marked) => event.mark, marked, { seed: 2 ** 31 - 1 })
  expect(seed).toBe(2 ** 31 - 1)
})
