import { HttpError, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { lines } from '../test/lines.ts'
import { queue } from '../test/queue.ts'
import { type Logger, logger } from './index.ts'

const boom = () => {
  throw new Error('no')
}

describe('the completion line', () => {
  test('says how an invocation went', async () => {
    const [fine] = await lines(() => 1, {})
    expect(fine).toMatchObject({
      level: 'INFO',
      message: 'orders success',
      outcome: 'success',
      duration_ms: expect.any(Number),
      remaining_ms: expect.any(Number),
      max_memory_mb: expect.any(Number),
      cold_start: expect.any(Boolean),
    })
    expect(fine).not.toHaveProperty('retries')
    const written = await lines(() => {
      throw new RangeError('x')
    }, {})
    expect(written.map(({ level, message, outcome, error_name }) => [level, message, outcome, error_name])).toEqual([
      ['ERROR', 'the invocation failed', undefined, undefined],
      ['ERROR', 'orders error', 'error', 'RangeError'],
    ])
  })

  test('says of HTTP what was asked and answered', async () => {
    const handler = lambda(http())
      .use(logger())
      .routes((r) => {
        r.get('/orders/{id}', ({ params }) => {
          if (params.id === '0') throw new HttpError(404, 'none')
          if (params.id === 'x') throw new Error('boom')
          return 1
        })
      })
    const of = async (path: string) =>
      (await collectLogs(() => handler(httpApiEvent({ path }), fakeContext()))).logs.json
    expect(await of('/orders/7')).toMatchObject([
      {
        level: 'INFO',
        message: 'GET /orders/{id} 200',
        method: 'GET',
        path: '/orders/7',
        route: '/orders/{id}',
        status: 200,
      },
    ])
    expect(await of('/orders/0')).toMatchObject([
      {
        level: 'INFO',
        message: 'GET /orders/{id} 404',
        outcome: 'refused',
        error_name: 'HttpError',
        error_message: 'none',
      },
    ])
    expect(await of('/nothing')).toMatchObject([{ level: 'INFO', message: 'GET /nothing 404' }])
    expect(await of('/orders/x')).toMatchObject([
      { level: 'ERROR', message: 'the invocation failed', error: { name: 'Error', message: 'boom' } },
      { level: 'ERROR', message: 'GET /orders/{id} 500', status: 500, outcome: 'error' },
    ])
  })

  test('comes after a deadline too, and what comes late is written under its own invocation', async () => {
    const handler = lambda(http(), { deadline: 40, grace: 10 })
      .use(logger())
      .handle(() => new Promise((resolve) => setTimeout(resolve, 200)))
    const { logs } = await collectLogs(async () => {
      await handler(httpApiEvent(), fakeContext({ timeout: 120, awsRequestId: 'slow' }))
      await new Promise((resolve) => setTimeout(resolve, 250))
    })
    expect(logs.json.map(({ level, message, function_request_id }) => [level, message, function_request_id])).toEqual([
      ['ERROR', 'the invocation timed out', 'slow'],
      ['ERROR', 'GET / 504', 'slow'],
      ['WARN', 'ended after its deadline was answered: its result is dropped', 'slow'],
    ])
  })

  test('names the class of an error that does not name itself', async () => {
    class OutOfStock extends Error {}
    const written = await lines(() => {
      throw new OutOfStock('none left')
    }, {})
    expect(written.at(-1)).toMatchObject({ outcome: 'error', error_name: 'OutOfStock' })
  })

  test('names the class of what an error wraps', async () => {
    class OutOfStock extends Error {}
    const written = await lines(() => {
      throw new TypeError('wrapped', { cause: new OutOfStock('none left') })
    }, {})
    expect(written.at(-1)).toMatchObject({ error_name: 'TypeError', error_cause: 'OutOfStock' })
    const circle = new Error('x')
    circle.cause = circle
    const odd = [
      circle,
      Object.defineProperty(new Error('x'), 'cause', { get: () => boom() }),
      new Error('x', { cause: 5 }),
    ]
    for (const thrown of odd) {
      const written = await lines(() => {
        throw thrown
      }, {})
      expect(written.at(-1)).toMatchObject({ outcome: 'error', error_name: 'Error' })
    }
  })

  test('tells the memory that the process has needed at most', async () => {
    const [line] = await lines(() => 1, {})
    // In MB: Node itself takes some 40.
    expect(line?.max_memory_mb).toBeGreaterThan(30)
    expect(line?.max_memory_mb).toBeLessThanOrEqual(Math.ceil(process.resourceUsage().maxRSS / 1024))
    await new Promise((resolve) => setTimeout(resolve, 15))
    Buffer.alloc(80 * 1024 * 1024, 1)
    const [later] = await lines(() => 1, {})
    expect(later?.max_memory_mb).toBeGreaterThan(Number(line?.max_memory_mb))
  })

  const received = (...counts: readonly unknown[]) => ({
    Records: counts.map((ApproximateReceiveCount) => ({ messageId: 'm', attributes: { ApproximateReceiveCount } })),
  })
  const seconds = () => Date.now() / 1000
  test.each<[string, () => unknown, object]>([
    ['a queue’s first attempt', () => received('1'), { retries: 0 }],
    ['a queue’s records, some of which came again', () => received('1', '4', '2'), { retries: 3 }],
    ['a queue that counts oddly', () => received('x', undefined, {}), {}],
    [
      'Kinesis',
      () => ({ Records: [{ kinesis: { approximateArrivalTimestamp: seconds() - 60 } }] }),
      { record_age_ms: 60 },
    ],
    [
      'DynamoDB',
      () => ({ Records: [{ dynamodb: { ApproximateCreationDateTime: seconds() - 5 } }] }),
      { record_age_ms: 5 },
    ],
    [
      'a clock that is behind',
      () => ({ Records: [{ kinesis: { approximateArrivalTimestamp: seconds() + 9 } }] }),
      { record_age_ms: 0 },
    ],
    ['no records', () => ({ Records: [] }), {}],
    ['records that are none', () => ({ Records: [null] }), {}],
    ['an event that cannot be read', () => new Proxy({}, { get: boom }), {}],
    ['nothing', () => undefined, {}],
  ])('tells of a batch’s past: %s', async (_, event, expected) => {
    const [line] = await lines(() => 1, {}, event())
    expect(line).toMatchObject({ outcome: 'success' })
    const { retries, record_age_ms: age } = line as { retries?: number; record_age_ms?: number }
    const told = {
      ...(retries !== undefined && { retries }),
      ...(age !== undefined && { record_age_ms: Math.floor(age / 1000) }),
    }
    expect(told).toEqual(expected)
  })

  test('counts the records of a batch, and those that failed', async () => {
    const handler = lambda(queue())
      .use(logger())
      .each(({ body }) => {
        if (body === 'bad') throw new Error('boom')
      })
    const event = { Records: ['a', 'bad', 'c'].map((body, i) => ({ messageId: `m${i}`, body })) }
    const { logs } = await collectLogs(() => handler(event, fakeContext({ functionName: 'orders' })))
    expect(logs.json).toMatchObject([
      { level: 'ERROR', message: 'the record m1 failed', record_id: 'm1', error: { message: 'boom' } },
      { level: 'INFO', message: 'orders success', records: 3, failed: 1 },
    ])
  })

  test('carries what was appended, and may be left out', async () => {
    const fn = ({ logger }: { logger: Logger }) => logger.appendKeys({ order: 7 })
    expect(await lines(fn, {})).toMatchObject([{ message: 'orders success', order: 7 }])
    expect(await lines(fn, { completion: false })).toEqual([])
    expect(await lines(fn, { level: 'warn' })).toEqual([])
  })
})
