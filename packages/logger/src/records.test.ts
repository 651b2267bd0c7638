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
