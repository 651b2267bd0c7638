import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer

beforeAll(async () => {
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server })
  await server.query('create table notes (id int generated always as identity, note text unique)')
  await server.query('grant all on notes to app')
})
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})

const to = ({ host, port, ca, database, user, password }: Server | PgBouncer) => ({
  host,
  port,
  database,
  tls: { ca },
  credentials: { user, password },
})

test.each([
  ['PostgreSQL', () => server],
  ['PgBouncer', () => proxy],
])('a function queries %s, and opens one connection', async (_, address) => {
  const handler = lambda<string>()
    .use(postgres(to(address())))
    .handle(async ({ event, db }) => {
      const { rows } = await db.query<{ id: number }>('insert into notes (note) values ($1) returning id', [event])
      const two = await db.transaction(async (tx) => (await tx.query('select 2 as two')).rows)
      const array = await db.query({ text: 'select 1 as a', rowMode: 'array' })
      return [typeof rows[0]?.id, two, array.rows, db.health]
    })
  for (const i of [1, 2, 3])
    expect(await handler(`${_} ${i}`, fakeContext())).toEqual([
      'number',
      [{ two: 2 }],
      [[1]],
      { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
    ])
  await handler.dispose()
})
