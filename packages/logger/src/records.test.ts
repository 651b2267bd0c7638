import { lambda } from '@fnware/core'
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

test('a record that fails has the lines written that were kept so far', async () => {
  const handler = lambda(queue())
    .use(logger({ buffer: true }))
    .each(({ body, logger }) => {
      logger.debug(body)
      if (body === 'bad') throw new Error('boom')
    })
  const { logs } = await collectLogs(() => handler(event('a', 'bad', 'c'), fakeContext({ functionName: 'orders' })))
  expect(logs.json).toMatchObject([
    { level: 'DEBUG', message: 'a', record_id: 'id of a' },
    { level: 'DEBUG', message: 'bad', record_id: 'id of bad' },
    { level: 'ERROR', message: 'the record id of bad failed', record_id: 'id of bad' },
    { level: 'INFO', message: 'orders success', records: 3, failed: 1 },
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
      expect(json.filter(({ level }) => level === 'DEBUG')).toHaveLength(fails ? 3 : 0)
    },
  })
})
