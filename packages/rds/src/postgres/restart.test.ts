import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { running, thrownBy, to } from '../../test/kit.ts'
import { type Postgres, postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer

beforeAll(async () => {
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server })
  await server.query('create table notes (note text)')
  await server.query('grant all on notes to app')
})
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})

const functionAt = (address: Server | PgBouncer) => {
  const handler = lambda<(db: Postgres) => Promise<unknown>>()
    .use(postgres(to(address)))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: Postgres) => Promise<unknown>) => handler(run, fakeContext())
}
const one = async (db: Postgres) => (await db.query('select 1 as one')).rows[0]?.one
const restart = async (it: Server | PgBouncer) => {
  await it.kill()
  await it.start()
}

const ways = [
  ['PostgreSQL, to itself', () => server, () => server],
  ['PostgreSQL, behind PgBouncer', () => proxy, () => server],
  ['PgBouncer', () => proxy, () => proxy],
] as const

test.each(ways)('killed and started again between invocations, %s is connected to anew', async (_, address, killed) => {
  const invoke = functionAt(address())
  expect(await invoke(one)).toBe(1)
  await restart(killed())
  // PgBouncer keeps its client while the server behind it is away, and finds out when it sends a statement.
  if (killed() !== address()) await invoke(one).catch(() => {})
  expect(await invoke(one)).toBe(1)
})

test.each(ways)('killed and started again during an invocation, %s is, too', async (_, address, killed) => {
  const invoke = functionAt(address())
  const run = async (db: Postgres) => {
    await one(db)
    await restart(killed())
    if (killed() !== address()) await one(db).catch(() => {})
    return one(db)
  }
  expect(await invoke(run)).toBe(1)
})

test.each(ways)(
  'killed in the middle of a statement, %s leaves an error, and the next goes well',
  async (_, address, killed) => {
    const invoke = functionAt(address())
    const error = thrownBy(invoke((db) => db.query('select pg_sleep(30)')))
    await running(server, 'pg_sleep(30)')
    await restart(killed())
    expect(await error).toMatchObject({ name: 'ConnectionLostError', resource: 'db' })
    expect(await invoke(one)).toBe(1)
  },
)

test.each(ways)(
  'a statement that may take effect twice is sent again when %s is killed',
  async (_, address, killed) => {
    const invoke = functionAt(address())
    const answer = invoke(async (db) => {
      const { rows } = await db.query({ text: 'select pg_sleep(0.8), 2 as two', idempotent: true })
      return [rows[0]?.two, db.health.retried > 0]
    })
    await running(server, 'pg_sleep(0.8)')
    await restart(killed())
    expect(await answer).toEqual([2, true])
  },
)

test.each(ways)('a transaction is run again when %s is killed before COMMIT', async (name, address, killed) => {
  const invoke = functionAt(address())
  let runs = 0
  const write = (db: Postgres) =>
    db.transaction(async (tx) => {
      await tx.query('insert into notes values ($1)', [name])
      if (++runs === 1) await restart(killed())
      await tx.query('select 1')
    })
  await invoke(write)
  expect(runs).toBeGreaterThan(1)
  expect(await server.query('select count(*)::int from notes where note = $1', [name])).toEqual([{ count: 1 }])
})

test('an administrator who ends idle sessions crashes nothing, and costs no statement', async () => {
  const invoke = functionAt(server)
  for (let i = 0; i < 5; i++) {
    expect(await invoke(one)).toBe(1)
    await server.terminate('app')
  }
  expect(await invoke(async (db) => [await one(db), db.health])).toEqual([
    1,
    { open: 1, waiting: 0, opened: 6, discarded: 5, retried: 0 },
  ])
})

test('where nobody listens, the error says so', async () => {
  const { port: _, ...rest } = to(server)
  const handler = lambda()
    .use(postgres({ ...rest, port: 1 }))
    .handle(({ db }) => db.query('select 1'))
  const error = await thrownBy(handler({}, fakeContext()))
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ECONNREFUSED' })
  expect(error.message).toMatch(/security groups/)
})
