import { lambda } from '@fnware/core'
import { type HttpContext, http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent, interleave, yielding } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lines } from '../test/lines.ts'
import { type Logger, logger } from './index.ts'

afterEach(() => vi.unstubAllEnvs())

describe('options', () => {
  test.each([
    [{ servise: 'x' }, 'logger(): there is no option `servise`: did you mean `service`?'],
    [{ sampleRate: 5 }, '`sampleRate` must be a share from 0 to 1'],
    [{ logger: {} }, '`logger` must be a Logger of Powertools'],
    [{ redact: { ad: [] } }, 'logger(): `redact`: there is no option `ad`: did you mean `add`?'],
    [{ redact: [5] }, 'logger(): `redact` takes names of keys, not 5'],
    [{ redact: { except: ['-'] } }, 'logger(): `redact` takes names of keys, not "-"'],
    [{ redact: 'iban' }, 'logger(): `redact` takes an object of options'],
    [{ keys: { service: 'x' } }, 'logger(): `keys` cannot hold `service`, which Powertools writes itself'],
    ['orders', 'logger() takes an object of options'],
  ])('%j are refused', (options, message) => {
    expect(() => logger(options as never)).toThrow(message)
  })
})

describe('a correlation id of one’s own', () => {
  const of = async (correlationId: () => unknown) =>
    lines(({ logger }) => logger.info('x'), { completion: false, correlationId: correlationId as () => string })

  test('is on every line', async () => {
    expect(await of(() => 'order-7')).toMatchObject([{ correlation_id: 'order-7' }])
  })
  test.each([undefined, '', 'a\nb', 'x'.repeat(257), 7])('that is none leaves the ordinary one: %j', async (id) => {
    expect(await of(() => id)).toMatchObject([{ correlation_id: 'id-1' }])
  })
  test('that fails leaves the ordinary one, and is told', async () => {
    const written = await of(() => {
      throw new TypeError('no headers')
    })
    expect(written).toMatchObject([
      { level: 'WARN', message: 'logger(): `correlationId` failed', error: { message: 'no headers' } },
      { message: 'x', correlation_id: 'id-1' },
    ])
  })
})

test('what fails after the answer is a line of its invocation, once', async () => {
  const written = await lines(async () => {}, {}, {})
  expect(written).toHaveLength(1)
  const { logs } = await collectLogs(() =>
    lambda()
      .use(logger({ completion: false }))
      .handle((ctx) => {
        ctx.logger.appendKeys({ order: 7 })
        ctx.defer(() => {
          throw Object.assign(new Error('flush'), { password: 'hush' })
        })
      })({}, fakeContext({ awsRequestId: 'id-1' })),
  )
  expect(logs.json).toMatchObject([
    {
      level: 'WARN',
      function_request_id: 'id-1',
      order: 7,
      error: { message: 'flush', stack: expect.any(String), password: '[redacted]' },
    },
  ])
  expect(logs.text).toHaveLength(1)
})

test('POWERTOOLS_LOGGER_LOG_EVENT writes the event, redacted', async () => {
  vi.stubEnv('POWERTOOLS_LOGGER_LOG_EVENT', 'true')
  expect(
    await lines(
      () => 1,
      { completion: false },
      { headers: { Authorization: 'Bearer hush' }, a: 1, body: '{"password":"hush"}', rawQueryString: 'token=hush' },
    ),
  ).toMatchObject([
    {
      message: 'Lambda invocation event',
      event: {
        headers: { Authorization: '[redacted]' },
        a: 1,
        body: '[19 characters]',
        rawQueryString: '[see queryStringParameters]',
      },
    },
  ])
})

test('64 invocations at once keep their keys, ids and levels to themselves', async () => {
  const handler = lambda(http())
    .use(logger({ sampleRate: 0.5 }))
    .use(yielding())
    .use(({ logger, request }, next) => {
      logger.appendKeys({ key: request.query.mark })
      return next({ logger: logger.child({ child: request.query.mark }) })
    })
    .use(yielding(2))
    .handle(async ({ logger, request }: HttpContext & { logger: Logger }) => {
      logger.info('one')
      await new Promise((resolve) => setImmediate(resolve))
      logger.debug('two', { extra: request.query.mark })
      if (request.query.mark?.includes('3')) throw new Error(`boom ${request.query.mark}`)
      return request.query.mark
    })
  const { logs } = await interleave(handler, (mark) =>
    httpApiEvent({ query: { mark }, headers: { 'x-correlation-id': mark } }),
  )
  for (const { json } of logs) {
    expect(new Set(json.map(({ function_request_id }) => function_request_id)).size).toBe(1)
    expect(new Set(json.map(({ correlation_id }) => correlation_id)).size).toBe(1)
    expect(json.filter(({ duration_ms }) => duration_ms !== undefined)).toHaveLength(1)
  }
})
