import { type Carrier, correlation, lambda } from '@fnware/core'
import { collectLogs, fakeContext, httpApiEvent, interleave, yields } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Logger, type LoggerOptions, logger } from './index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const carrying = (debug: '0' | '1') => ({
  http: httpApiEvent({ headers: { 'X-Correlation-Debug': debug } }),
  sqs: {
    Records: [
      { messageId: 'm', messageAttributes: { 'x-correlation-debug': { stringValue: debug, dataType: 'String' } } },
    ],
  },
  sns: { Records: [{ Sns: { MessageId: 'n', MessageAttributes: { 'x-correlation-debug': { Value: debug } } } }] },
  eventBridge: { 'detail-type': 'Order Placed', id: 'e', detail: { 'x-correlation-debug': debug } },
  payload: { 'x-correlation-debug': debug },
})

/** Whether an event has DEBUG lines written. */
const debugs = async (event: unknown, options: LoggerOptions = {}) => {
  const handler = lambda()
    .use(logger({ completion: false, ...options }))
    .handle(({ logger }) => logger.debug('x'))
  const { logs } = await collectLogs(() => handler(event, fakeContext()))
  return logs.json.length > 0
}

describe('what caused an invocation says whether it writes DEBUG lines', () => {
  test.each(['sqs', 'sns', 'eventBridge', 'payload'] as const)('%s', async (by) => {
    expect(await debugs(carrying('1')[by])).toBe(true)
    expect(await debugs(carrying('1')[by], { level: 'error' })).toBe(true)
    expect(await debugs(carrying('0')[by], { sampleRate: 1 })).toBe(false)
  })

  test('but not a client of an HTTP API, unless it is trusted', async () => {
    expect(await debugs(carrying('1').http)).toBe(false)
    expect(await debugs(carrying('0').http, { sampleRate: 1 })).toBe(true)
    expect(await debugs(carrying('1').http, { trustDebug: true })).toBe(true)
    expect(await debugs(carrying('0').http, { trustDebug: true, sampleRate: 1 })).toBe(false)
  })

  test('and AWS_LAMBDA_LOG_LEVEL stays the floor', async () => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'INFO')
    expect(await debugs(carrying('1').sqs)).toBe(false)
  })
})

describe('what is drawn', () => {
  const handed = async (event: unknown, options: LoggerOptions, fn = (_: Logger): unknown => undefined) => {
    let headers: Readonly<Record<string, string>> = {}
    const handler = lambda()
      .use(correlation())
      .use(logger({ completion: false, ...options }))
      .handle((ctx: { correlation: Carrier; logger: Logger }) => {
        headers = ctx.correlation.headers()
        fn(ctx.logger)
      })
    await collectLogs(() => handler(event, fakeContext()))
    return headers['x-correlation-debug']
  }

  test('is handed on, though nothing was written yet', async () => {
    const random = vi.spyOn(Math, 'random')
    random.mockReturnValue(0.1)
    expect(await handed({}, { sampleRate: 0.2 })).toBe('1')
    random.mockReturnValue(0.2)
    expect(await handed({}, { sampleRate: 0.2 })).toBe('0')
    expect(await handed({}, {})).toBeUndefined()
  })

  test('is not drawn again where that came with the event', async () => {
    expect(await handed(carrying('0').sqs, { sampleRate: 1 })).toBe('0')
    expect(await handed(carrying('1').sqs, { sampleRate: 0 })).toBe('1')
  })

  test('is told by the logger’s level, asked before or after a line', async () => {
    const seen: string[] = []
    for (const debug of ['0', '1'] as const)
      await handed(carrying(debug).sqs, {}, (logger) => {
        seen.push(logger.level)
        logger.debug('x')
        seen.push(logger.child({}).level)
      })
    expect(seen).toEqual(['INFO', 'INFO', 'DEBUG', 'DEBUG'])
  })
})

test('64 invocations at once write as each was told', async () => {
  const handler = lambda<{ mark: string; 'x-correlation-debug': string }>()
    .use(logger({ completion: false, sampleRate: 0.5 }))
    .handle(async ({ event, logger }) => {
      for (let i = 0; i < 5; i++) {
        await yields()
        logger.debug(event.mark)
      }
      logger.info(event.mark)
    })
  await interleave(handler, (mark, i) => ({ mark, 'x-correlation-debug': i % 2 === 0 ? '1' : '0' }), {
    check: (_, event, __, { json }) => {
      expect(json).toHaveLength(event['x-correlation-debug'] === '1' ? 6 : 1)
    },
  })
})
