import { LogFormatter, LogItem, Logger as Powertools } from '@aws-lambda-powertools/logger'
import type { LogAttributes } from '@aws-lambda-powertools/logger/types'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lines } from '../test/lines.ts'
import { type LoggerOptions, logger } from './index.ts'

type Attributes = Parameters<LogFormatter['formatAttributes']>[0]

const quiet = (mine: Powertools): LoggerOptions => ({ logger: mine, completion: false })

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('a Powertools logger that is there already', () => {
  test('is written with, and stays as it is', async () => {
    const mine = new Powertools({ serviceName: 'mine', logLevel: 'WARN', persistentKeys: { team: 'blue' } })
    const written = await lines(({ logger }) => {
      logger.appendKeys({ once: 1 })
      logger.info('not written')
      logger.warn('written', { token: 'hush' })
    }, mine)
    expect(written).toMatchObject([
      { service: 'mine', team: 'blue', once: 1, token: '[redacted]', message: 'written', function_request_id: 'id-1' },
    ])
    const { logs } = await collectLogs(() => mine.warn('plain'))
    expect(logs.json[0]).not.toHaveProperty('once')
    expect(logs.json[0]).not.toHaveProperty('function_request_id')
    expect(mine.getLevelName()).toBe('WARN')
  })

  test('may come with options', async () => {
    const mine = new Powertools({ serviceName: 'mine', logLevel: 'ERROR' })
    expect(
      await lines(({ logger }) => logger.info('x'), { logger: mine, level: 'info', completion: false }),
    ).toMatchObject([{ service: 'mine' }])
    expect(mine.getLevelName()).toBe('ERROR')
  })

  test('keeps its level against the environment’s, as Powertools does', async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG')
    const mine = new Powertools({ logLevel: 'ERROR' })
    expect(await lines(({ logger }) => logger.warn('x'), quiet(mine))).toEqual([])
    expect(await lines(({ logger }) => logger.debug('x'), quiet(new Powertools()))).toMatchObject([{ message: 'x' }])
  })

  test('takes options beside it', async () => {
    const mine = new Powertools({ serviceName: 'mine', logLevel: 'ERROR' })
    const handler = lambda()
      .use(logger(mine, { level: 'info', completion: false }))
      .handle(({ logger }) => logger.info('x'))
    expect((await collectLogs(() => handler({}, fakeContext()))).logs.json).toMatchObject([{ service: 'mine' }])
    expect(() => logger(mine, { levle: 'info' } as never)).toThrow('there is no option `levle`: did you mean `level`?')
    expect(() => logger({ service: 'x' }, { level: 'info' })).toThrow('a Logger of Powertools and options beside it')
  })

  test('samples each invocation at its rate, whatever it drew for itself', async () => {
    const random = vi.spyOn(Math, 'random')
    const { result: mine } = await collectLogs(() => new Powertools({ sampleRateValue: 1 }))
    expect(mine.getLevelName()).toBe('DEBUG')
    random.mockReturnValue(1)
    expect(await lines(({ logger }) => logger.debug('x'), quiet(mine))).toEqual([])
    random.mockReturnValue(0)
    expect(await lines(({ logger }) => logger.debug('x'), quiet(mine))).toMatchObject([{ sampling_rate: 1 }])
  })

  test('is not made to sample for all, nor to warn of it', async () => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN')
    const { result: mine } = await collectLogs(() => new Powertools({ sampleRateValue: 1 }))
    expect(await lines(({ logger }) => logger.warn('x'), quiet(mine))).toMatchObject([{ message: 'x' }])
  })

  test('writes with its own formatter and replacer, and at once', async () => {
    class Formatter extends LogFormatter {
      override formatAttributes(base: Attributes, more: LogAttributes) {
        return new LogItem({
          attributes: {
            text: base.message,
            request: base.lambdaContext?.awsRequestId,
            trace: base.xRayTraceId,
            ...more,
          },
        })
      }
    }
    const mine = new Powertools({
      logFormatter: new Formatter(),
      jsonReplacerFn: (key, value) => (key === 'size' ? `${value} B` : value),
      logBufferOptions: { enabled: true, bufferAtVerbosity: 'WARN' },
    })
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-trace')
    expect(await lines(({ logger }) => logger.info('x', { size: 5 }), quiet(mine))).toEqual([
      { text: 'x', request: 'id-1', trace: '1-trace', correlation_id: 'id-1', size: '5 B' },
    ])
  })

  test('keeps POWERTOOLS_DEV’s indented lines', async () => {
    vi.stubEnv('POWERTOOLS_DEV', 'true')
    const { logs } = await collectLogs(() =>
      lambda()
        .use(logger({ completion: false }))
        .handle(({ logger }) => logger.info('x'))({}, fakeContext({ awsRequestId: 'id-1' })),
    )
    expect(JSON.parse(logs.stdout)).toMatchObject({ message: 'x', function_request_id: 'id-1' })
    expect(logs.stdout).toContain('\n    "message": "x"')
  })
})
