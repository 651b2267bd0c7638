import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { verifyPresigned } from 'test-aws'
import { startRedis } from 'test-servers'
import { expect, onTestFinished, test } from 'vitest'
import { tokenFront } from '../test/token-front.ts'
import { iam, redis } from './index.ts'

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session/token' }

const behindTokens = async (expectedUser: string) => {
  const server = await startRedis()
  const front = await tokenFront(server, (token) => {
    const url = `https://${token}`
    verifyPresigned(url, { credentials, service: 'elasticache', region: 'eu-west-1' })
    const { host, searchParams } = new URL(url)
    if (host !== 'orders' || searchParams.get('User') !== expectedUser) throw new Error('another’s token')
  })
  onTestFinished(async () => {
    front.close()
    await server.close()
  })
  const handler = lambda()
    .use(
      redis({
        host: 'localhost',
        port: front.port,
        tls: { ca: server.ca },
        credentials: iam({ cache: 'orders', user: 'app', region: 'eu-west-1', credentials: async () => credentials }),
      }),
    )
    .handle(({ redis }) => redis.set('by', 'token'))
  onTestFinished(() => handler.dispose())
  return { server, front, ask: () => handler({}, fakeContext()) }
}

test('ElastiCache is given a new token at every connect', async () => {
  const { server, front, ask } = await behindTokens('app')
  expect([await ask(), await ask()]).toEqual(['OK', 'OK'])
  expect(front.tokens).toHaveLength(1)
  await server.terminate()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(await ask()).toBe('OK')
  expect(new Set(front.tokens).size).toBe(2)
})

test('a token that is refused is not shown', async () => {
  const { front, ask } = await behindTokens('somebody-else')
  const error = await ask().catch((error) => error)
  expect(error.message).toMatch(/Its `credentials` are not what the server expects/)
  expect(front.tokens).toHaveLength(2)
  expect(`${error.stack}${error.cause.stack}`).not.toContain('X-Amz')
})
