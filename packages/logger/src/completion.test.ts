import { HttpError, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { lines } from '../test/lines.ts'
import { type Logger, logger } from './index.ts'

describe('the completion line', () => {
  test('says how an invocation went', async () => {
    const [fine] = await lines(() => 1, {})
    expect(fine).toMatchObject({
      level: 'INFO',
      message: 'orders success',
      outcome: 'success',
      duration_ms: expect.any(Number),
      remaining_ms: expect.any(Number),
    })
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

  test('carries what was appended, and may be left out', async () => {
    const fn = ({ logger }: { logger: Logger }) => logger.appendKeys({ order: 7 })
    expect(await lines(fn, {})).toMatchObject([{ message: 'orders success', order: 7 }])
    expect(await lines(fn, { completion: false })).toEqual([])
    expect(await lines(fn, { level: 'warn' })).toEqual([])
  })
})
