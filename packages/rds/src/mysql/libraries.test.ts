import { lambda, resource } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { eq } from 'drizzle-orm'
import { int, mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/mysql2'
import { type Generated, Kysely, MysqlDialect } from 'kysely'
import type { RowDataPacket } from 'mysql2'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { runningOn } from '../../test/mariadb-kit.ts'
import { type MySql, mysql } from '../mysql.ts'

let server: MariaDb
beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table orders (id int auto_increment primary key, sku varchar(100) unique)')
})
afterAll(() => server?.close())

interface Tables {
  readonly orders: { readonly id: Generated<number>; readonly sku: string }
}
const kysely = ({ db }: { readonly db: MySql }) =>
  new Kysely<Tables>({ dialect: new MysqlDialect({ pool: db.pool as never }) })

const orders = mysqlTable('orders', {
  id: int().autoincrement().primaryKey(),
  sku: varchar({ length: 100 }).notNull(),
})
const sound = { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 }
const skus = async (sku: string) => (await server.query('select sku from orders where sku = ?', [sku])).length

const functionOf = (options: object = {}) => {
  const handler = lambda<(db: MySql) => Promise<unknown>>()
    .use(mysql({ ...to(server), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: MySql) => Promise<unknown>) => handler(run, fakeContext())
}

test('Kysely: one for each invocation, whose connections end with it', async () => {
  const handler = lambda<string>()
    .use(mysql(to(server)))
    .use((ctx, next) => next({ sql: kysely(ctx) }))
    .handle(async ({ event, sql, db }) => {
      const inserted = await sql.insertInto('orders').values({ sku: event }).executeTakeFirst()
      const two = await sql.transaction().execute(async (tx) => {
        await tx
          .insertInto('orders')
          .values({ sku: `${event}, too` })
          .execute()
        return tx.selectFrom('orders').select('sku').where('sku', 'like', `${event}%`).orderBy('id').execute()
      })
      const failed = thrownBy(
        sql.transaction().execute(async (tx) => {
          await tx
            .insertInto('orders')
            .values({ sku: `${event}, never` })
            .execute()
          await tx.insertInto('orders').values({ sku: event }).execute()
        }),
      )
      const streamed: string[] = []
      for await (const { sku } of sql.selectFrom('orders').select('sku').where('sku', 'like', `${event}%`).stream())
        streamed.push(sku)
      return [typeof inserted.insertId, two, (await failed).code, streamed.length, db.health]
    })
  onTestFinished(() => handler.dispose())
  const found = [{ sku: 'k' }, { sku: 'k, too' }]
  expect(await handler('k', fakeContext())).toEqual(['bigint', found, 'ER_DUP_ENTRY', 2, sound])
  expect(await skus('k, never')).toBe(0)
})

test('Kysely: one for the environment', async () => {
  const sql = resource('sql', { needs: ['db'], init: kysely, dispose: (sql) => sql.destroy() })
  const handler = lambda()
    .use(mysql(to(server)))
    .use(sql)
    .handle(({ sql }) => sql.selectFrom('orders').select('sku').where('sku', '=', 'none').execute())
  expect(await handler({}, fakeContext())).toEqual([])
  await handler.dispose()
})

test('Drizzle', async () => {
  const handler = lambda<string>()
    .use(mysql(to(server)))
    .use(({ db }, next) => next({ sql: drizzle({ client: db.pool }) }))
    .handle(async ({ event, sql, db }) => {
      const [first] = await sql.insert(orders).values({ sku: event }).$returningId()
      await sql.transaction(
        async (tx) => {
          await tx
            .update(orders)
            .set({ sku: `${event}, changed` })
            .where(eq(orders.id, first!.id))
        },
        { isolationLevel: 'serializable' },
      )
      const failed = sql.transaction(async (tx) => {
        await tx.insert(orders).values({ sku: `${event}, never` })
        tx.rollback()
      })
      await thrownBy(failed)
      const prepared = sql.select({ sku: orders.sku }).from(orders).where(eq(orders.id, first!.id)).prepare()
      const streamed: unknown[] = []
      for await (const row of await prepared.iterator()) streamed.push(row)
      return [await prepared.execute(), await prepared.execute(), streamed, db.health]
    })
  onTestFinished(() => handler.dispose())
  const found = [{ sku: 'd, changed' }]
  expect(await handler('d', fakeContext())).toEqual([found, found, found, sound])
  expect(await skus('d, never')).toBe(0)
})

test('a connection that is lost while a library has it is given back, and the next is good', async () => {
  const invoke = functionOf()
  await invoke(async (db) => {
    const sql = drizzle({ client: db.pool })
    const lost = sql.transaction(async (tx) => {
      await tx.insert(orders).values({ sku: 'lost' })
      await server.terminate('app')
      await tx.insert(orders).values({ sku: 'lost, too' })
    })
    const error = await thrownBy(lost)
    expect(`${error.name} ${(error.cause as Error)?.name}`).toContain('ConnectionLostError')
    expect(await sql.select().from(orders).where(eq(orders.sku, 'lost'))).toEqual([])
  })
})

test('their COMMIT, too, is in doubt when its connection is lost', async () => {
  const invoke = functionOf()
  const error = await invoke(async (db) => {
    const connection = await db.pool.promise().getConnection()
    await connection.beginTransaction()
    await connection.query("insert into orders (sku) values ('in doubt')")
    await server.pause()
    const lost = thrownBy(connection.commit())
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.kill()
    await server.start()
    return [await lost, db.health.open]
  })
  expect(error).toMatchObject([{ name: 'CommitUnknownError', resource: 'db' }, 0])
})

test('callbacks, streams of rows and what mysql2’s pool can do else', async () => {
  const invoke = functionOf()
  const given = await invoke(async (db) => {
    const { pool } = db
    const byCallback = await new Promise((resolve, reject) => {
      pool.query('select ? as it', [1], (error, result) => (error ? reject(error) : resolve(result)))
    })
    const failed = await new Promise((resolve) => {
      pool.query('select nothing', (error) => resolve(error?.code))
    })
    const connected = await new Promise((resolve, reject) => {
      pool.getConnection((error, connection) => {
        if (error) return reject(error)
        connection.query('select 2 as it', (error, result) => {
          connection.release()
          if (error) reject(error)
          else resolve(result)
        })
      })
    })
    const rows: unknown[] = []
    for await (const row of pool.query('select seq as it from seq_1_to_3').stream()) rows.push(row)
    const broken: AsyncIterable<unknown> = pool.query('select nothing').stream()
    const ofStream = await thrownBy(
      (async () => {
        for await (const _ of broken) expect.unreachable()
      })(),
    )
    const byPromise = pool.promise()
    const connection = await byPromise.getConnection()
    await connection.ping()
    const [escaped] = await connection.query<RowDataPacket[]>(`select ${connection.escape("it's")} as it`)
    connection.release()
    await byPromise.end()
    return [
      byCallback,
      failed,
      connected,
      rows,
      ofStream.code,
      escaped,
      (await byPromise.query('select 3 as it'))[0],
      db.health,
    ]
  })
  expect(given).toEqual([
    [{ it: 1 }],
    'ER_BAD_FIELD_ERROR',
    [{ it: 2 }],
    [{ it: 1 }, { it: 2 }, { it: 3 }],
    'ER_BAD_FIELD_ERROR',
    [{ it: "it's" }],
    [{ it: 3 }],
    sound,
  ])
})

test('a stream whose connection is lost ends with an error, and gives it back', async () => {
  const invoke = functionOf()
  const error = await invoke(async (db) => {
    const rows: AsyncIterable<unknown> = db.pool.query('select seq, sleep(0.01) from seq_1_to_100000').stream()
    const lost = thrownBy(
      (async () => {
        for await (const _ of rows);
      })(),
    )
    await runningOn(server, 'seq_1_to_100000')
    await server.terminate('app')
    return [await lost, (await db.query<RowDataPacket[]>('select 1 as one'))[0]]
  })
  expect(error).toMatchObject([{ code: 'PROTOCOL_CONNECTION_LOST' }, [{ one: 1 }]])
})

test('who keeps a connection that was released has nobody else’s', async () => {
  const invoke = functionOf()
  await invoke(async (db) => {
    const kept = await db.pool.promise().getConnection()
    kept.release()
    await db.transaction(async (tx) => {
      expect((await thrownBy(kept.query('rollback'))).name).toBe('LeaseError')
      await tx.query('select 1')
    })
    expect(() => kept.connection.pause()).toThrow(/used after it had been released/)
  })
})

test('nor does one change its user', async () => {
  await functionOf()(async (db) => {
    const connection = await db.pool.promise().getConnection()
    expect((await thrownBy(connection.changeUser({ user: 'other' }))).message).toMatch(/stays that of its user/)
    connection.release()
  })
})
