import { AsyncLocalStorage } from 'node:async_hooks'
import { lambda } from '@fnware/core'
import { observe, type Work } from '@fnware/core/extend'
import { fakeContext } from '@fnware/testing'
import { type Redis, startRedis } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type RedisClient, redis } from './index.ts'

let server: Redis
beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())

interface Seen {
  readonly work: Work
  isOver: boolean
  error?: unknown
}
/** What is traced, by who traces: nothing beyond it. */
const traced = new AsyncLocalStorage<Seen[]>()
observe((work) => {
  const all = traced.getStore()
  if (!all) return undefined
  const seen: Seen = { work: work(), isOver: false }
  all.push(seen)
  return (error) => Object.assign(seen, { isOver: true, error })
})

const functionOf = (options: object = {}) => {
  const handler = lambda<(redis: RedisClient) => unknown>()
    .use(
      redis({
        host: 'localhost',
        port: server.port,
        tls: { ca: server.ca },
        credentials: { password: server.password },
        ...options,
      }),
    )
    .handle(({ event, redis }) => event(redis))
  onTestFinished(() => handler.dispose())
  return async (run: (redis: RedisClient) => unknown) => {
    const seen: Seen[] = []
    const result = await traced.run(seen, () => handler(run, fakeContext()).catch((error) => error))
    return { seen, result }
  }
}
const statements = (seen: readonly Seen[]) => seen.map(({ work }) => work.sql?.statement ?? work.name)

test('commands are shown by their names, and connecting on its own', async () => {
  const { seen, result } = await functionOf()((redis) =>
    redis.set('order:hidden', 'hidden').then(() => redis.get('order:hidden')),
  )
  expect(result).toBe('hidden')
  const name = `connect to localhost:${server.port}`
  expect(statements(seen)).toEqual(['SET', name, 'GET'])
  expect(seen[0]?.work).toEqual({
    name: 'localhost',
    kind: 'redis',
    sql: { url: `redis://localhost:${server.port}`, database_type: 'Redis', statement: 'SET' },
  })
  expect(seen[1]?.work).toEqual({ name, kind: 'redis' })
  expect(seen.every(({ isOver, error }) => isOver && error === undefined)).toBe(true)
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`hidden|${server.password}`))
})

test('a pipeline and a transaction are one each, with what failed in them', async () => {
  const invoke = functionOf()
  const { seen, result } = await invoke(async (redis) => {
    await redis.set('text', 'no number')
    const [first] = (await redis.pipeline().incr('text').get('text').exec()) ?? []
    const both = await redis
      .multi([
        ['set', 'a', '1'],
        ['get', 'a'],
      ])
      .exec()
    const called = await new Promise((resolve) =>
      redis
        .pipeline()
        .get('a')
        .exec((_, results) => resolve(results)),
    )
    return [String(first?.[0]), both, called]
  })
  expect(result).toEqual([
    expect.stringContaining('not an integer'),
    [
      [null, 'OK'],
      [null, '1'],
    ],
    [[null, '1']],
  ])
  expect(statements(seen).slice(2)).toEqual(['INCR GET', 'MULTI SET GET', 'GET'])
  expect(seen.map(({ isOver, error }) => [isOver, (error as Error | undefined)?.message])).toEqual([
    [true, undefined],
    [true, undefined],
    [true, expect.stringContaining('not an integer')],
    [true, undefined],
    [true, undefined],
  ])
})

test('what fails is shown with its error, which is thrown as it is', async () => {
  const { seen, result } = await functionOf()(async (redis) => {
    await redis.set('text', 'no number')
    return redis.incr('text')
  })
  expect(seen.at(-1)).toMatchObject({ work: { sql: { statement: 'INCR' } }, isOver: true })
  expect(seen.at(-1)?.error).toBe(result)
  const refused = await functionOf({ credentials: { password: 'wrong' } })((redis) => redis.get('a'))
  expect(refused.seen.map(({ error }) => (error as Error).message)).toEqual([
    expect.stringContaining('could not connect'),
    expect.stringContaining('WRONGPASS'),
  ])
  expect(refused.seen[0]?.error).toBe(refused.result)
})

test('64 invocations share a connection, and each is shown its own', async () => {
  const handler = lambda<number>()
    .use(
      redis({
        host: 'localhost',
        port: server.port,
        tls: { ca: server.ca },
        credentials: { password: server.password },
        connect: 'init',
      }),
    )
    .handle(async ({ event, redis }) => {
      await Promise.all([redis.set(`k${event}`, event), event % 2 ? redis.get('a') : redis.del('b')])
      await redis.strlen(`k${event}`)
    })
  onTestFinished(() => handler.dispose())
  const all = Array.from({ length: 64 }, async (_, i) => {
    const seen: Seen[] = []
    await traced.run(seen, () => handler(i, fakeContext()))
    return seen
  })
  for (const [i, seen] of (await Promise.all(all)).entries()) {
    expect(statements(seen).filter((it) => /^[A-Z]+$/.test(it))).toEqual(['SET', i % 2 ? 'GET' : 'DEL', 'STRLEN'])
    expect(seen.every(({ isOver }) => isOver)).toBe(true)
  }
})
