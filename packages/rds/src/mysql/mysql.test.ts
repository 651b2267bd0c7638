import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { ResultSetHeader, RowDataPacket } from 'mysql2'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mysql } from '../mysql.ts'

let server: MariaDb
beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table notes (id int auto_increment primary key, note varchar(100) unique)')
})
afterAll(() => server?.close())

const to = ({ host, port, ca, database, user, password }: MariaDb) => ({
  host,
  port,
  database,
  tls: { ca },
  credentials: { user, password },
})

test('a function queries the database, and opens one connection', async () => {
  const handler = lambda<string>()
    .use(mysql(to(server)))
    .handle(async ({ event, db }) => {
      const [{ insertId }] = await db.query<ResultSetHeader>('insert into notes (note) values (?)', [event])
      const two = await db.transaction(async (tx) => (await tx.query<RowDataPacket[]>('select 2 as two'))[0])
      const [rows] = await db.query<RowDataPacket[][]>({ sql: 'select ? as a', values: [1], rowsAsArray: true })
      return [insertId, two, rows, db.health]
    })
  for (const i of [1, 2, 3])
    expect(await handler(`note ${i}`, fakeContext())).toEqual([
      i,
      [{ two: 2 }],
      [[1]],
      { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
    ])
  await handler.dispose()
})
