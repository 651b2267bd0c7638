import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
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

const functionAt = (address: Server | PgBouncer, options: object = {}) => {
  const handler = lambda<(db: Postgres) => Promise<unknown>>()
    .use(postgres({ ...to(address), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: Postgres) => Promise<unknown>) => handler(run, fakeContext())
}
const write = (db: Postgres) => db.query("insert into notes values ('a note')")

test.each([
  ['PostgreSQL', () => server],
  ['PgBouncer', () => proxy],
])('a server that has become a reader is left: %s', async (_, address) => {
  const invoke = functionAt(address(), { max: 3 })
  const opened = async () => invoke(async (db) => db.health.opened)
  await invoke((db) => Promise.all([write(db), write(db), write(db)]))
  const before = await opened()
  await server.setReadOnly(true)
  const error = await thrownBy(invoke(write))
  expect(error).toMatchObject({ name: 'FailoverError', code: '25006', resource: 'db', cause: { code: '25006' } })
  expect(error.message).toMatch(/takes no writes.*connect to the writer$/)
  expect(await invoke(async (db) => [db.health.open, db.pool.totalCount])).toEqual([0, 0])
  await server.setReadOnly(false)
  await invoke(write)
  expect(await opened()).toBe(Number(before) + 1)
})

test('a transaction is run again on a new connection, until there is a writer', async () => {
  const invoke = functionAt(server)
  await server.setReadOnly(true)
  let runs = 0
  await invoke((db) =>
    db.transaction(async (tx) => {
      if (++runs === 2) await server.setReadOnly(false)
      await tx.query("insert into notes values ('after the failover')")
    }),
  )
  expect(runs).toBeGreaterThan(1)
  expect(await server.query("select note from notes where note = 'after the failover'")).toHaveLength(1)
})
