import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Postgres as Server, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { observedIn, statementsOf } from '../../test/observing.ts'
import { type Postgres, type PostgresOptions, postgres } from '../postgres.ts'

let server: Server
beforeAll(async () => {
  server = await startPostgres()
  await server.query('create table notes (note text unique)')
  await server.query('grant all on notes to app')
})
afterAll(() => server?.close())

const functionOf = (options: Partial<PostgresOptions> = {}) => {
  const handler = lambda<(db: Postgres) => Promise<unknown>>()
    .use(postgres({ ...to(server), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: Postgres) => Promise<unknown>) => observedIn(() => handler(run, fakeContext()))
}

test('a statement is shown by its first word, and connecting on its own', async () => {
  const { seen } = await functionOf()((db) => db.query("/* 'hidden' */ select $1::text, 'hidden'", ['hidden']))
  const { host, port, database, user, password } = server
  expect(seen).toEqual([
    { work: { name: `connect to ${database}@${host}`, kind: 'sql' }, isOver: true, error: undefined },
    {
      work: {
        name: `${database}@${host}`,
        kind: 'sql',
        sql: {
          url: `postgresql://${host}:${port}/${database}`,
          database_type: 'PostgreSQL',
          user,
          statement: 'SELECT',
        },
      },
      isOver: true,
      error: undefined,
    },
  ])
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`hidden|${password}`))
})

test('whatever stands before that word', async () => {
  const { seen } = await functionOf()(async (db) => {
    await db.query('-- hidden\n /* hidden * / */ ((select 1))')
    await db.query(`${'/**/'.repeat(400)} values (1)`)
    await db.query(`${'/**/'.repeat(400)};`)
    await db.query(`/*${'*'.repeat(3_000)}*/ select 1`)
  })
  expect(statementsOf(seen).slice(1)).toEqual(['SELECT', 'VALUES', 'SQL', 'SQL'])
})

test('with its text where that is wanted, and never with its values', async () => {
  const { seen } = await functionOf({ traceStatements: true })((db) =>
    db.query({ text: 'select $1::text as it', values: ['hidden'] }),
  )
  expect(statementsOf(seen).slice(1)).toEqual(['select $1::text as it'])
  expect(JSON.stringify(seen)).not.toContain('hidden')
})

test('a transaction is shown by its statements, with those that begin and end it', async () => {
  const { seen } = await functionOf()(async (db) => {
    await db.transaction((tx) => tx.query("insert into notes values ('a')"))
    const duplicate = db.transaction((tx) => tx.query("insert into notes values ('a')"))
    expect(await thrownBy(duplicate)).toMatchObject({ code: '23505' })
  })
  expect(statementsOf(seen).slice(1)).toEqual(['BEGIN', 'INSERT', 'COMMIT', 'BEGIN', 'INSERT', 'ROLLBACK'])
  expect(seen.flatMap(({ error }) => error ?? [])).toMatchObject([{ code: '23505' }])
})

test('what Kysely sends, by the pool', async () => {
  const { seen, result } = await functionOf()(async (db) => {
    const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool: db.pool }) })
    return (await sql`select 1 as one`.execute(kysely)).rows
  })
  expect(result).toEqual([{ one: 1 }])
  expect(statementsOf(seen).slice(1)).toEqual(['SELECT'])
})

test('waiting for a connection that another has', async () => {
  const { seen } = await functionOf({ max: 1 })((db) => Promise.all([db.query('select 1'), db.query('select 2')]))
  expect(statementsOf(seen).toSorted()).toEqual(
    ['SELECT', 'SELECT', `connect to ${server.database}@${server.host}`, 'wait for a connection of db'].toSorted(),
  )
})

test('a connection that cannot be made', async () => {
  const { seen, result } = await functionOf({ credentials: { user: 'app', password: 'wrong' } })((db) =>
    db.query('select 1'),
  )
  expect(result).toMatchObject({ name: 'ConnectError' })
  expect(seen.map(({ error }) => (error as { code?: string }).code)).toEqual(['28P01'])
})

test('64 invocations at once are each shown their own', async () => {
  const handler = lambda<number>()
    .use(postgres({ ...to(server), max: 4 }))
    .handle(async ({ event, db }) => {
      await db.query(event % 2 ? 'select 1' : 'values (1)')
      await db.transaction((tx) => tx.query('select 1'))
    })
  onTestFinished(() => handler.dispose())
  const all = await Promise.all(Array.from({ length: 64 }, (_, i) => observedIn(() => handler(i, fakeContext()))))
  for (const [i, { seen }] of all.entries()) {
    const statements = statementsOf(seen).filter((it) => /^[A-Z]+$/.test(it))
    expect(statements).toEqual([i % 2 ? 'SELECT' : 'VALUES', 'BEGIN', 'SELECT', 'COMMIT'])
    expect(seen.every(({ isOver }) => isOver)).toBe(true)
  }
})
