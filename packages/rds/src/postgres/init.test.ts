import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type Postgres as Server, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { secretsBy, thrownBy, to } from '../../test/kit.ts'
import { type Postgres, postgres } from '../postgres.ts'

let server: Server
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server?.close())

const secret = () => ({ username: 'app', password: server.password })

test('nothing is connected to, and no credentials asked for, before the first query', async () => {
  let asked = 0
  const credentials = () => {
    asked++
    return secret()
  }
  const handler = lambda<boolean>()
    .use(postgres({ ...to(server), credentials }))
    .handle(async ({ event, db }) => {
      if (event) await db.query('select 1')
      return db.health.opened
    })
  onTestFinished(() => handler.dispose())
  expect([await handler(false, fakeContext()), asked]).toEqual([0, 0])
  expect([await handler(true, fakeContext()), asked]).toEqual([1, 1])
})

test('at INIT, where it says so, when the secret that it needs is there', async () => {
  const steps: string[] = []
  const secrets = secretsBy(async () => {
    await sleep(20)
    steps.push('secret')
    return secret()
  })
  const handler = lambda()
    .use(secrets)
    .use(
      postgres({
        ...to(server),
        connect: 'init',
        credentials: ({ secrets }) => {
          const { database } = secrets
          steps.push('read')
          return database
        },
      }),
    )
    .handle(({ db }) => db.health)
  onTestFinished(() => handler.dispose())
  expect(await handler({}, fakeContext())).toEqual({ open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 })
  expect(steps).toEqual(['secret', 'read'])
})

test('an INIT that cannot connect fails its invocation, and the next tries again', async () => {
  let password = 'wrong'
  const handler = lambda()
    .use(postgres({ ...to(server), connect: 'init', credentials: () => ({ user: 'app', password }) }))
    .handle(({ db }) => db.query('select 1 as one').then(({ rows }) => rows))
  onTestFinished(() => handler.dispose())
  const error = await thrownBy(handler({}, fakeContext()))
  expect(error.name).toBe('ResourceError')
  expect(error.message).toMatch(/^the resource `db` could not be made: `db`: could not connect to /)
  password = server.password
  expect(await handler({}, fakeContext())).toEqual([{ one: 1 }])
})

test('two functions share the connections of one resource', async () => {
  const db = postgres(to(server))
  const one = lambda()
    .use(db)
    .handle(async ({ db }) => (await db.query('select pg_backend_pid() as pid')).rows)
  const two = lambda()
    .use(db)
    .handle(async ({ db }) => (await db.query('select pg_backend_pid() as pid')).rows)
  expect(await one({}, fakeContext())).toEqual(await two({}, fakeContext()))
  await one.dispose()
})

test('dispose closes what is open, and the next invocation connects anew', async () => {
  const handler = lambda()
    .use(postgres({ ...to(server), applicationName: 'disposed' }))
    .handle(async ({ db }) => {
      await db.query('select 1')
      return db.health.opened
    })
  const sessions = () => server.query("select from pg_stat_activity where application_name = 'disposed'")
  expect(await handler({}, fakeContext())).toBe(1)
  expect(await sessions()).toHaveLength(1)
  await handler.dispose()
  while ((await sessions()).length > 0) await sleep(10)
  expect(await handler({}, fakeContext())).toBe(1)
  await handler.dispose()
})

test('in a test of yours, a database of yours', async () => {
  const handler = lambda()
    .use(postgres({ host: 'db.example.com', credentials: { user: 'app', password: 'x' } }))
    .handle(async ({ db }) => (await db.query('select 1')).rows)
  const fake = { query: async () => ({ rows: ['mine'] }) } as never as Postgres
  expect(await handler.with({ db: fake })({}, fakeContext())).toEqual(['mine'])
})

test('a wave of queries waits for the one connection, in the order of coming', async () => {
  const handler = lambda()
    .use(postgres(to(server)))
    .handle(async ({ db }) => {
      const order: number[] = []
      const one = async (i: number) => {
        await db.query('select $1::int', [i])
        order.push(i)
      }
      await Promise.all(Array.from({ length: 50 }, (_, i) => one(i)))
      return [order, db.health.opened]
    })
  onTestFinished(() => handler.dispose())
  expect(await handler({}, fakeContext())).toEqual([Array.from({ length: 50 }, (_, i) => i), 1])
})
