import { correlation, lambda } from '@fnware/core'
import { collectLogs, fakeContext, interleave, yields } from '@fnware/testing'
import { expect, expectTypeOf, test } from 'vitest'
import { queue } from '../test/queue.ts'
import { type Logger, logger } from './index.ts'

const event = (...bodies: readonly string[]) => ({
  Records: bodies.map((body) => ({ messageId: `id of ${body}`, body })),
})

test('each record of a batch has a logger that names it', async () => {
  const handler = lambda(queue())
    .use(logger({ completion: false }))
    .use(({ logger }, next) => next({ logger: logger.child({ child: 1 }) }))
    .each(
      ({ body, logger }, next) => {
        logger.appendKeys({ own: body })
        return next()
      },
      ({ body, logger }) => {
        expectTypeOf(logger).toEqualTypeOf<Logger>()
        logger.info(body)
      },
    )
  const { logs } = await collectLogs(() => handler(event('a', 'b'), fakeContext()))
  expect(logs.json).toMatchObject([
    { message: 'a', record_id: 'id of a', own: 'a', child: 1 },
    { message: 'b', record_id: 'id of b', own: 'b', child: 1 },
  ])
})

test('a record that fails has its own lines written, and those of the batch', async () => {
  const handler = lambda(queue())
    .use(logger({ buffer: true }))
    .use(({ logger }, next) => {
      logger.debug('before')
      return next()
    })
    .each(({ body, logger }) => {
      logger.debug(body)
      if (body === 'bad') throw new Error('boom')
      if (body === 'caught') logger.error('caught')
    })
  const written = async (...bodies: readonly string[]) => {
    const context = fakeContext({ functionName: 'orders' })
    const { logs } = await collectLogs(() => handler(event(...bodies), context))
    return logs.json.map(({ level, message, record_id: id }) => `${level} ${message}${id ? `, ${id}` : ''}`)
  }
  expect(await written('a', 'bad', 'caught', 'b')).toEqual([
    'DEBUG before',
    'DEBUG bad, id of bad',
    'ERROR the record id of bad failed, id of bad',
    'DEBUG caught, id of caught',
    'ERROR caught, id of caught',
    'INFO orders success',
  ])
  expect(await written('a', 'b')).toEqual(['INFO orders success'])
})

test('a batch whose time is up has all of them written', async () => {
  const handler = lambda(queue(), { deadline: 40, grace: 10 })
    .use(logger({ completion: false, buffer: true }))
    .each(({ body, logger }) => {
      logger.debug(body)
      return body === 'b' ? new Promise(() => {}) : undefined
    })
  const { logs } = await collectLogs(() => handler(event('a', 'b', 'c'), fakeContext({ timeout: 100 })))
  expect(logs.json.map(({ message }) => message)).toEqual(['a', 'b', 'the invocation timed out'])
})

const attributes = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]))

test('each record goes by its own correlation: its id, and whether its DEBUG lines are written', async () => {
  const Records = ['1', '0', undefined].map((debug, i) => ({
    messageId: `m${i}`,
    body: `b${i}`,
    messageAttributes: attributes({
      'x-correlation-id': `c${i}`,
      ...(debug !== undefined && { 'x-correlation-debug': debug }),
    }),
  }))
  const handedOn: unknown[] = []
  const run = async (sampleRate: number) => {
    const handler = lambda(queue())
      .use(correlation())
      .use(logger({ completion: false, sampleRate }))
      .use(({ logger }, next) => {
        logger.info('batch')
        return next()
      })
      .each(({ body, logger, correlation }) => {
        handedOn.push(correlation.headers())
        logger.debug(body)
        if (body === 'b1') throw new Error('boom')
      })
    const { logs } = await collectLogs(() => handler({ Records }, fakeContext({ awsRequestId: 'own' })))
    return logs.json.map(({ level, message, correlation_id: id }) => [level, message, id])
  }
  expect(await run(0)).toEqual([
    ['INFO', 'batch', 'own'],
    ['DEBUG', 'b0', 'c0'],
    ['ERROR', 'the record m1 failed', 'c1'],
  ])
  expect(handedOn).toEqual([
    { 'x-correlation-id': 'c0', 'x-correlation-debug': '1' },
    { 'x-correlation-id': 'c1', 'x-correlation-debug': '0' },
    { 'x-correlation-id': 'c2' },
  ])
  // What is drawn for the batch counts where nothing came with the record.
  expect(await run(1)).toEqual([
    ['INFO', 'batch', 'own'],
    ['DEBUG', 'b0', 'c0'],
    ['ERROR', 'the record m1 failed', 'c1'],
    ['DEBUG', 'b2', 'c2'],
  ])
  expect(handedOn.at(-1)).toEqual({ 'x-correlation-id': 'c2', 'x-correlation-debug': '1' })
})

test('what a record writes after the deadline is written under its own name', async () => {
  const handler = lambda(queue(), { deadline: 40, grace: 10 })
    .use(logger({ completion: false }))
    .each(async ({ body, logger }) => {
      if (body === 'quick') return
      await new Promise((resolve) => setTimeout(resolve, 150))
      logger.debug('not written')
      logger.info('late')
    })
  const { logs } = await collectLogs(async () => {
    await handler(event('quick', 'a'), fakeContext({ timeout: 100, awsRequestId: 'own' }))
    await new Promise((resolve) => setTimeout(resolve, 200))
  })
  expect(logs.json).toMatchObject([
    { message: 'the invocation timed out', function_request_id: 'own' },
    { message: 'late', function_request_id: 'own', record_id: 'id of a' },
    { level: 'WARN' },
  ])
})

test('64 batches at once keep their records to themselves', async () => {
  const handler = lambda(queue())
    .use(logger({ completion: false, buffer: true }))
    .each(
      async ({ body, logger }) => {
        logger.debug('debug', { extra: body })
        await yields()
        logger.info(body)
        if (body.endsWith('bad')) throw new Error(body)
      },
      { concurrency: 3 },
    )
  await interleave(handler, (mark, i) => event(`${mark}a`, `${mark}${i % 2 ? 'bad' : 'b'}`, `${mark}c`), {
    check: (_, { Records }, { awsRequestId }, { json }) => {
      for (const line of json) {
        expect(line.function_request_id).toBe(awsRequestId)
        const body = line.extra ?? (line.level === 'INFO' ? line.message : (line.error as { message: string }).message)
        expect(line.record_id).toBe(`id of ${body}`)
      }
      expect(json.filter(({ level }) => level === 'INFO')).toHaveLength(3)
      const fails = Records.some(({ body }) => body.endsWith('bad'))
      expect(json.filter(({ level }) => level === 'DEBUG')).toHaveLength(fails ? 1 : 0)
    },
  })
})
