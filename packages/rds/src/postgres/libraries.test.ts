import { lambda, resource } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { type Generated, Kysely, PostgresDialect } from 'kysely'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { type Postgres, postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer

beforeAll(async () => {
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server })
  await server.query('create table orders (id int generated always as identity, sku text unique)')
  await server.query('grant all on orders to app')
})
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})

interface Tables {
  readonly orders: { readonly id: Generated<number>; readonly sku: string }
}
const kysely = ({ db }: { readonly db: Postgres }) =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool: db.pool }) })

const orders = pgTable('orders', { id: integer().generatedAlwaysAsIdentity(), sku: text().notNull() })

test('Kysely: one for each invocation, whose connections end with it', async () => {
  const handler = lambda<string>()
    .use(postgres(to(proxy)))
    .use((ctx, next) => next({ sql: kysely(ctx) }))
    .handle(async ({ event, sql, db }) => {
      await sql.insertInto('orders').values({ sku: event }).execute()
      const two = await sql.transaction().execute(async (tx) => {
        await tx
          .insertInto('orders')
          .values({ sku: `${event}, too` })
          .execute()
        return tx.selectFrom('orders').select('sku').where('sku', 'like', `${event}%`).orderBy('id').execute()
      })
      const failed = sql.transaction().execute(async (tx) => {
        await tx
          .insertInto('orders')
          .values({ sku: `${event}, never` })
          .execute()
        await tx.insertInto('orders').values({ sku: event }).execute()
      })
      return [two, (await thrownBy(failed)).code, db.health]
    })
  onTestFinished(() => handler.dispose())
  expect(await handler('k', fakeContext())).toEqual([
    [{ sku: 'k' }, { sku: 'k, too' }],
    '23505',
    { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
  ])
  expect(await server.query("select from orders where sku = 'k, never'")).toEqual([])
})

test('Kysely: one for the environment', async () => {
  const sql = resource('sql', { needs: ['db'], init: kysely, dispose: (sql) => sql.destroy() })
  const handler = lambda()
    .use(postgres(to(proxy)))
    .use(sql)
    .handle(({ sql }) => sql.selectFrom('orders').select('sku').where('sku', '=', 'none').execute())
  expect(await handler({}, fakeContext())).toEqual([])
  await handler.dispose()
})

test('Drizzle', async () => {
  const handler = lambda<string>()
    .use(postgres(to(proxy)))
    .use(({ db }, next) => next({ sql: drizzle({ client: db.pool }) }))
    .handle(async ({ event, sql, db }) => {
      const [first] = await sql.insert(orders).values({ sku: event }).returning()
      await sql.transaction(async (tx) => {
        await tx
          .update(orders)
          .set({ sku: `${event}, changed` })
          .where(eq(orders.id, first!.id))
      })
      const failed = sql.transaction(async (tx) => {
        await tx.insert(orders).values({ sku: `${event}, never` })
        tx.rollback()
      })
      await thrownBy(failed)
      const prepared = sql.select({ sku: orders.sku }).from(orders).where(eq(orders.id, first!.id)).prepare('by-id')
      return [await prepared.execute(), await prepared.execute(), db.health]
    })
  onTestFinished(() => handler.dispose())
  const found = [{ sku: 'd, changed' }]
  expect(await handler('d', fakeContext())).toEqual([
    found,
    found,
    { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
  ])
  expect(await server.query("select from orders where sku = 'd, never'")).toEqual([])
})

test('their COMMIT, too, is in doubt when its connection is lost', async () => {
  const handler = lambda()
    .use(postgres(to(server)))
    .handle(async ({ db }) => {
      await server.query(`
        create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return null; end $$;
        create constraint trigger slow after insert on orders deferrable initially deferred
        for each row when (new.sku = 'slow') execute function slowly()`)
      const done = kysely({ db })
        .transaction()
        .execute((tx) => tx.insertInto('orders').values({ sku: 'slow' }).execute())
      const lost = thrownBy(done)
      while (
        (await server.query("select from pg_stat_activity where query = 'commit' and state = 'active'")).length === 0
      )
        await new Promise((resolve) => setTimeout(resolve, 10))
      await server.terminate('app')
      return (await lost).name
    })
  onTestFinished(() => handler.dispose())
  expect(await handler({}, fakeContext())).toBe('CommitUnknownError')
})

test('callbacks, streams of rows and what pg’s pool can do else', async () => {
  const handler = lambda()
    .use(postgres(to(server)))
    .handle(async ({ db }) => {
      const { Query } = await import('pg')
      const byCallback = await new Promise((resolve, reject) => {
        db.pool.query('select $1::int as it', [1], (error, result) => (error ? reject(error) : resolve(result.rows)))
      })
      const failed = await new Promise((resolve) => {
        db.pool.query('select nothing', [], (error) => resolve((error as { code?: string }).code))
      })
      const connected = await new Promise((resolve, reject) => {
        db.pool.connect((error, client, release) => {
          if (error) return reject(error)
          client!.query('select 2 as it', (error: Error, result: { rows: unknown[] }) => {
            release()
            if (error) reject(error)
            else resolve(result.rows)
          })
        })
      })
      const client = await db.pool.connect()
      const rows: unknown[] = []
      await new Promise<void>((resolve, reject) => {
        const query = client.query(new Query('select generate_series(1, 3) as it'))
        query.on('row', (row) => rows.push(row))
        query.on('end', () => resolve())
        query.on('error', reject)
      })
      client.release()
      await db.pool.end()
      return [byCallback, failed, connected, rows, (await db.pool.query('select 3 as it')).rows, db.health.opened]
    })
  onTestFinished(() => handler.dispose())
  expect(await handler({}, fakeContext())).toEqual([
    [{ it: 1 }],
    '42703',
    [{ it: 2 }],
    [{ it: 1 }, { it: 2 }, { it: 3 }],
    [{ it: 3 }],
    1,
  ])
})
