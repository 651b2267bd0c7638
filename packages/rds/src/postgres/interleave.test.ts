import { lambda } from '@fnware/core'
import { fakeContext, interleave, yields } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { type Postgres, postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer

beforeAll(async () => {
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server })
  await server.query('create table marks (mark text, step int, transaction bigint)')
  await server.query('grant all on marks to app')
})
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})

interface Event {
  readonly mark: string
  readonly fails: boolean
}

test.each([
  [1_000, 4],
  [100, 1],
])(
  '%i invocations at once on a pool of %i: transactions do not mix',
  async (count, max) => {
    await server.query('delete from marks')
    const handler = lambda<Event>()
      .use(postgres({ ...to(proxy), max, acquireTimeout: 60_000 }))
      .handle(async ({ event, db }) => {
        const { mark, fails } = event
        const write = (step: number) =>
          ({ text: 'insert into marks values ($1, $2, txid_current()) returning mark', values: [mark, step] }) as const
        const { rows } = await db.query(write(0))
        await yields()
        const done = db.transaction(async (tx) => {
          await tx.query(write(1))
          await yields()
          const seen = await tx.query('select mark from marks where transaction = txid_current()')
          await yields()
          await tx.query(write(2))
          if (fails) throw new Error(`rolled back: ${mark}`)
          return seen.rows
        })
        const seen = await done.catch((error: Error) => error.message)
        return [rows, seen]
      })
    await interleave(
      (event: Event, context) => handler(event, context),
      (mark, i) => ({ mark, fails: i % 3 === 0 }),
      {
        count,
        timeout: 120_000,
        check: ([rows, seen], { mark, fails }) => {
          expect(rows).toEqual([{ mark }])
          expect(seen).toEqual(fails ? `rolled back: ${mark}` : [{ mark }])
        },
      },
    )
    await handler.dispose()
    const sql =
      'select mark, array_agg(step order by step) as steps, count(distinct transaction)::int from marks group by 1'
    const marks = await server.query(sql)
    expect(marks).toHaveLength(count)
    expect(marks.filter(({ steps }) => steps.length === 3)).toHaveLength(Math.floor((count * 2) / 3))
    expect(marks.every(({ steps, count }) => (steps.length === 3 ? count === 2 : steps.join() === '0'))).toBe(true)
  },
  60_000,
)

test('who keeps a connection beyond its release has no part in what another invocation does on it', async () => {
  await server.query('delete from marks')
  const handler = lambda<(db: Postgres) => Promise<unknown>>()
    .use(postgres(to(server)))
    .handle(({ event, db }) => event(db))
  const kept = (await handler(async ({ pool }) => {
    const client = await pool.connect()
    client.release()
    return { query: (sql: string) => client.query(sql), release: () => client.release() }
  }, fakeContext())) as Pick<import('pg').PoolClient, 'query' | 'release'>
  await handler(async ({ pool }) => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query("insert into marks values ('mine')")
    const error = await thrownBy(kept.query("insert into marks values ('of another')"))
    expect(error.message).toBe('`db`: a connection was used after it had been released')
    kept.release()
    await client.query('commit')
    client.release()
  }, fakeContext())
  expect(await server.query('select mark from marks')).toEqual([{ mark: 'mine' }])
  await handler.dispose()
})

test('a connection with a cursor that was left open is not lent again', async () => {
  const handler = lambda<(db: Postgres) => Promise<unknown>>()
    .use(postgres(to(server)))
    .handle(({ event, db }) => event(db))
  const waiting = { submit: () => {}, handleError: () => {} }
  await handler(async ({ pool }) => {
    const client = await pool.connect()
    client.query(waiting as never)
    client.release()
  }, fakeContext())
  const counted = async (db: Postgres) => [(await db.query('select 1')).rowCount, db.health.opened]
  expect(await handler(counted, fakeContext())).toEqual([1, 2])
  await handler.dispose()
})
