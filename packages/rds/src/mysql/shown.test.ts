import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { Kysely, MysqlDialect, sql } from 'kysely'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { to } from '../../test/kit.ts'
import { observedIn, statementsOf } from '../../test/observing.ts'
import { type MySql, type MySqlOptions, mysql } from '../mysql.ts'

let server: MariaDb
beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table notes (note varchar(100) unique)')
})
afterAll(() => server?.close())

const functionOf = (options: Partial<MySqlOptions> = {}) => {
  const handler = lambda<(db: MySql) => Promise<unknown>>()
    .use(mysql({ ...to(server), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: MySql) => Promise<unknown>) => observedIn(() => handler(run, fakeContext()))
}

test('a statement is shown by its first word, and connecting on its own', async () => {
  const { seen } = await functionOf()((db) => db.query("select ?, 'hidden'", ['hidden']))
  const { host, port, database, user, password } = server
  const url = `mysql://${host}:${port}/${database}`
  expect(seen).toEqual([
    { work: { name: `connect to ${database}@${host}`, kind: 'sql' }, isOver: true, error: undefined },
    {
      work: {
        name: `${database}@${host}`,
        kind: 'sql',
        sql: { url, database_type: 'MySQL', user, statement: 'SELECT' },
      },
      isOver: true,
      error: undefined,
    },
  ])
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`hidden|${password}`))
})

test('with its text where that is wanted, and never with its values', async () => {
  const { seen } = await functionOf({ traceStatements: true, pinning: 'allow' })(async (db) => {
    await db.query({ sql: 'select ? as it', values: ['hidden'] })
    await db.execute('select ? as it', ['hidden'])
  })
  expect(statementsOf(seen).slice(1)).toEqual(['select ? as it', 'select ? as it'])
  expect(JSON.stringify(seen)).not.toContain('hidden')
})

test('a transaction is shown by its statements, with those that begin and end it', async () => {
  const { seen } = await functionOf()(async (db) => {
    await db.transaction((tx) => tx.query("insert into notes values ('a')"))
    await db.transaction((tx) => tx.query("insert into notes values ('a')")).catch(() => {})
  })
  expect(statementsOf(seen).slice(1)).toEqual(['START', 'INSERT', 'COMMIT', 'START', 'INSERT', 'ROLLBACK'])
  expect(seen.flatMap(({ error }) => error ?? [])).toMatchObject([{ code: 'ER_DUP_ENTRY' }])
})

test('what Kysely sends by the pool, and a stream', async () => {
  const { seen, result } = await functionOf()(async (db) => {
    const kysely = new Kysely<object>({ dialect: new MysqlDialect({ pool: db.pool }) })
    const { rows } = await sql`select 1 as one`.execute(kysely)
    const streamed: unknown[] = []
    for await (const row of db.pool.query('select 2 as two').stream()) streamed.push(row)
    return [rows, streamed]
  })
  expect(result).toEqual([[{ one: 1 }], [{ two: 2 }]])
  expect(statementsOf(seen).slice(1)).toEqual(['SELECT', 'SELECT'])
  expect(seen.every(({ isOver }) => isOver)).toBe(true)
})

test('64 invocations at once are each shown their own', async () => {
  const handler = lambda<number>()
    .use(mysql({ ...to(server), max: 4 }))
    .handle(async ({ event, db }) => {
      await db.query(event % 2 ? 'select 1' : 'show status')
      await db.transaction((tx) => tx.query('select 1'))
    })
  onTestFinished(() => handler.dispose())
  const all = await Promise.all(Array.from({ length: 64 }, (_, i) => observedIn(() => handler(i, fakeContext()))))
  for (const [i, { seen }] of all.entries()) {
    const statements = statementsOf(seen).filter((it) => /^[A-Z]+$/.test(it))
    expect(statements).toEqual([i % 2 ? 'SELECT' : 'SHOW', 'START', 'SELECT', 'COMMIT'])
    expect(seen.every(({ isOver }) => isOver)).toBe(true)
  }
})
