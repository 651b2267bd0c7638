import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type Redis, startRedis } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redis } from './index.ts'

let server: Redis
beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())

test('64 invocations share one connection, and each has its own answers', async () => {
  const handler = lambda<number>()
    .use(
      redis({
        host: 'localhost',
        port: server.port,
        tls: { ca: server.ca },
        credentials: { password: server.password },
      }),
    )
    .handle(async ({ event, redis }) => {
      await redis.set(`of:${event}`, event)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      const [first, second] = await Promise.all([
        redis.multi().get(`of:${event}`).incr(`of:${event}`).exec(),
        redis.get(`of:${(event + 1) % 64}`),
      ])
      return [first?.map(([, value]) => Number(value)), second === null || Number(second) >= (event + 1) % 64]
    })
  const answers = await Promise.all(Array.from({ length: 64 }, (_, i) => handler(i, fakeContext())))
  expect(answers).toEqual(Array.from({ length: 64 }, (_, i) => [[i, i + 1], true]))
  expect(await server.sessions()).toBe(1)
  await handler.dispose()
})
