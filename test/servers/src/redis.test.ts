import { Redis as Client } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority } from './authority.ts'
import { type Redis, startRedis } from './redis.ts'

let redis: Redis

beforeAll(async () => {
  redis = await startRedis({ users: { default: 'one', other: 'two' } })
})

afterAll(() => redis.close())

type How = Partial<Pick<Redis, 'ca' | 'user' | 'password'>> & { connectTimeout?: number }

async function connect({ ca = redis.ca, user = 'default', password = redis.password, ...more }: How = {}) {
  const { host, port } = redis
  const options = { host, port, password, tls: { ca }, lazyConnect: true, retryStrategy: () => null, ...more }
  const client = new Client({ ...options, ...(user !== 'default' && { username: user }) })
  let fault: Error | undefined
  client.on('error', (error) => (fault = error))
  await client.connect().catch((error: Error) => {
    throw fault ?? error
  })
  return client
}

test('clients speak TLS, and only TLS', async () => {
  const client = await connect()
  expect(await client.set('key', 'value')).toBe('OK')
  client.disconnect()
  const { host, port, password } = redis
  const plain = new Client({ host, port, password, lazyConnect: true, retryStrategy: () => null })
  plain.on('error', () => {})
  await expect(plain.connect()).rejects.toThrow()
})

test('a certificate of an authority that the client does not know is refused by it', async () => {
  await expect(connect({ ca: (await createAuthority()).ca })).rejects.toThrow(/certificate/)
})

test('a password that is changed refuses the old one and leaves connections alone', async () => {
  const before = await connect({ user: 'other', password: 'two' })
  await redis.setPassword('other', 'three')
  await expect(connect({ user: 'other', password: 'two' })).rejects.toThrow('WRONGPASS')
  expect(await before.get('nothing')).toBe(null)
  before.disconnect()
  ;(await connect({ user: 'other', password: 'three' })).disconnect()
})

test('a read-only server refuses writes and keeps what it has', async () => {
  const client = await connect()
  await client.set('kept', 'yes')
  await redis.setReadOnly(true)
  await expect(client.set('kept', 'no')).rejects.toThrow('READONLY')
  expect(await client.get('kept')).toBe('yes')
  await redis.setReadOnly(false)
  expect(await client.set('kept', 'no')).toBe('OK')
  client.disconnect()
})

test('connections are counted and closed', async () => {
  const client = await connect({ user: 'other', password: 'three' })
  expect(await redis.sessions('other')).toBe(1)
  const closed = new Promise((resolve) => client.once('close', resolve))
  expect(await redis.terminate('other')).toBe(1)
  await closed
  expect(await redis.sessions('other')).toBe(0)
})

test('a server that is killed comes back with its data and passwords at the same address', async () => {
  const client = await connect()
  await client.set('acknowledged', 'yes')
  const closed = new Promise((resolve) => client.once('close', resolve))
  await redis.kill()
  await closed
  await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await redis.start()
  const again = await connect({ user: 'other', password: 'three' })
  expect(await again.get('acknowledged')).toBe('yes')
  again.disconnect()
})

test('a server that is stopped comes back at the same address', async () => {
  await redis.stop()
  await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await redis.start()
  ;(await connect()).disconnect()
})

test('a server that is paused answers when it is resumed', async () => {
  const client = await connect()
  await redis.pause()
  let answered = false
  const answer = client.ping().then((pong) => {
    answered = true
    return pong
  })
  await expect(connect({ connectTimeout: 300 })).rejects.toThrow()
  expect(answered).toBe(false)
  await redis.resume()
  expect(await answer).toBe('PONG')
  client.disconnect()
})
