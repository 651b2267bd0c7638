import { LogFormatter, LogItem, Logger as Powertools } from '@aws-lambda-powertools/logger'
import type { LogAttributes } from '@aws-lambda-powertools/logger/types'
import { correlation, lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { lines } from '../test/lines.ts'
import { queue } from '../test/queue.ts'
import { logger } from './index.ts'

// What is decided for each invocation, with a Powertools logger that is there already.

afterEach(() => vi.useRealTimers())

class Formatter extends LogFormatter {
  override formatAttributes(base: Parameters<LogFormatter['formatAttributes']>[0], more: LogAttributes) {
    const { logLevel, message, timestamp, lambdaContext } = base
    return new LogItem({ attributes: { logLevel, message, timestamp, id: lambdaContext?.awsRequestId, ...more } })
  }
}

test('lines are kept, and written with the time when they were said, by its formatter', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-02-03T04:05:06.000Z') })
  for (const logFormatter of [undefined, new Formatter()]) {
    const mine = new Powertools({ persistentKeys: { team: 'blue' }, ...(logFormatter && { logFormatter }) })
    const written = await lines(
      ({ logger }) => {
        logger.debug('kept', { n: 1 })
        vi.setSystemTime(Date.now() + 1000)
        logger.error('caught')
        vi.setSystemTime(Date.now() - 1000)
      },
      { logger: mine, buffer: true, completion: false },
    )
    expect(written).toMatchObject([
      { message: 'kept', timestamp: '2026-02-03T04:05:06.000Z', n: 1, team: 'blue' },
      { message: 'caught', timestamp: '2026-02-03T04:05:07.000Z', team: 'blue' },
    ])
    expect(mine.getLevelName()).toBe('INFO')
  }
})

test('its level and its rate hold where nothing else is said, and what is drawn is handed on', async () => {
  const seen: unknown[] = []
  const of = async (mine: Powertools, event: object) => {
    const handler = lambda()
      .use(correlation())
      .use(logger(mine, { completion: false }))
      .handle(({ correlation, logger }) => {
        seen.push([logger.level, correlation.debug])
      })
    await collectLogs(() => handler(event, fakeContext()))
  }
  await of(new Powertools({ logLevel: 'ERROR' }), {})
  await of(new Powertools({ logLevel: 'ERROR' }), { 'x-correlation-debug': '1' })
  const { result: sampling } = await collectLogs(() => new Powertools({ sampleRateValue: 1 }))
  await of(sampling, {})
  await of(sampling, { 'x-correlation-debug': '0' })
  expect(seen).toEqual([
    ['ERROR', undefined],
    ['DEBUG', true],
    ['DEBUG', true],
    ['INFO', false],
  ])
})

test('a level that is chosen at each invocation goes before its own', async () => {
  let level: string | undefined
  const mine = new Powertools({ logLevel: 'ERROR' })
  const handler = lambda()
    .use(logger(mine, { completion: false, level: () => level }))
    .handle(({ logger }) => logger.info('x'))
  const written = async () => (await collectLogs(() => handler({}, fakeContext()))).logs.json.length
  expect(await written()).toBe(0)
  level = 'info'
  expect(await written()).toBe(1)
  expect(mine.getLevelName()).toBe('ERROR')
})

test('records of a batch are named', async () => {
  const handler = lambda(queue())
    .use(logger(new Powertools({ serviceName: 'mine' })))
    .each(({ body, logger }) => logger.info(body))
  const { logs } = await collectLogs(() => handler({ Records: [{ messageId: 'm', body: 'b' }] }, fakeContext()))
  expect(logs.json).toMatchObject([
    { message: 'b', record_id: 'm', service: 'mine' },
    { records: 1, failed: 0, max_memory_mb: expect.any(Number), service: 'mine' },
  ])
})
