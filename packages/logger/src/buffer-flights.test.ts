import { lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent, interleave, yields } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import type { Line } from '../test/lines.ts'
import { logger } from './index.ts'

const messages = (written: readonly Line[]) => written.map(({ level, message }) => `${level} ${message}`)

describe('an invocation that hangs', () => {
  test('has its lines written when a source answers at the deadline, and the later ones at once', async () => {
    const handler = lambda(http(), { deadline: 40, grace: 10 })
      .use(logger({ completion: false, buffer: true }))
      .handle(async ({ logger }) => {
        logger.debug('before')
        await new Promise((resolve) => setTimeout(resolve, 200))
        logger.debug('late')
      })
    const { logs } = await collectLogs(async () => {
      await handler(httpApiEvent(), fakeContext({ timeout: 120 }))
      await new Promise((resolve) => setTimeout(resolve, 250))
    })
    expect(messages(logs.json)).toEqual([
      'DEBUG before',
      'ERROR the invocation timed out',
      'DEBUG late',
      'WARN ended after its deadline was answered: its result is dropped',
    ])
  })

  test('has its lines written shortly before its time is up where nobody can answer', async () => {
    const handler = lambda()
      .use(logger({ completion: false, buffer: true }))
      .handle(({ logger }) => {
        logger.debug('before')
        return new Promise(() => {})
      })
    const { logs } = await collectLogs(async () => {
      void handler({}, fakeContext({ timeout: 100 }))
      await new Promise((resolve) => setTimeout(resolve, 90))
    })
    expect(messages(logs.json)).toEqual(['DEBUG before'])
  })
})

test('64 invocations at once keep their lines to themselves: half of them fail', async () => {
  const handler = lambda<{ mark: string; fails: boolean }, string>()
    .use(logger({ buffer: true }))
    .handle(async ({ event, logger }) => {
      for (let i = 0; i < 5; i++) {
        logger.debug(`${i}`, { extra: { mark: event.mark } })
        await yields()
        logger.child({ child: event.mark }).debug(`${i} of the child`)
        await yields()
      }
      if (event.fails) throw new Error(event.mark)
      return event.mark
    })
  const { logs } = await interleave(
    (event: { mark: string; fails: boolean }, context) =>
      handler(event, context).catch((error: Error) => error.message),
    (mark, i) => ({ mark, fails: i % 2 === 0 }),
    {
      check: (_, { mark, fails }, { awsRequestId }, { json }) => {
        const debug = json.filter(({ level }) => level === 'DEBUG')
        expect(debug.map(({ message }) => message)).toEqual(
          fails ? [0, 1, 2, 3, 4].flatMap((i) => [`${i}`, `${i} of the child`]) : [],
        )
        for (const line of debug) {
          expect(line.function_request_id).toBe(awsRequestId)
          expect((line.extra as { mark: string } | undefined)?.mark ?? line.child).toBe(mark)
        }
        expect(json).toHaveLength(fails ? 12 : 1)
      },
    },
  )
  expect(logs).toHaveLength(64)
})
