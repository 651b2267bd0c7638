import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type Postgres as Server, startPostgres } from 'test-servers'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { type Postgres, postgres, type Transaction } from '../postgres.ts'

let server: Server

beforeAll(async () => {
  server = await startPostgres()
  await server.query('create table accounts (id int primary key, amount int not null)')
  await server.query('create table parents (id int primary key)')
  await server.query('create table children (parent int references parents deferrable initially deferred)')
  await server.query('grant all on accounts, parents, children to app')
})
afterAll(() => server?.close())
beforeEach(() => server.query('delete from accounts; insert into accounts values (1, 100), (2, 100)'))

const functionWith = (options: object = {}) => {
  const handler = lambda<(db: Postgres) => Promise<unknown>>()
    .use(postgres({ ...to(server), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: Postgres) => Promise<unknown>) => handler(run, fakeContext())
}
const amounts = async () => (await server.query('select amount from accounts order by id')).map(({ amount }) => amount)
const add = (tx: Transaction, id: number, amount: number) =>
  tx.query('update accounts set amount = amount + $1 where id = $2', [amount, id])

test('it commits what its function did, and gives what it returned', async () => {
  const result = await functionWith()((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      await add(tx, 2, 10)
      return 'done'
    }),
  )
  expect(result).toBe('done')
  expect(await amounts()).toEqual([90, 110])
})

test('it rolls back what throws, and throws that', async () => {
  const thrown = new Error('no')
  const run = functionWith()((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      throw thrown
    }),
  )
  expect(await thrownBy(run)).toBe(thrown)
  expect(await amounts()).toEqual([100, 100])
})

test('an error of the database comes as the driver has it', async () => {
  const invoke = functionWith()
  const twice = (db: Postgres) => db.transaction((tx) => tx.query('insert into accounts values (1, 1)'))
  expect(await thrownBy(invoke(twice))).toMatchObject({ name: 'error', code: '23505', constraint: 'accounts_pkey' })
  const orphan = (db: Postgres) => db.transaction((tx) => tx.query('insert into children values (7)'))
  expect(await thrownBy(invoke(orphan))).toMatchObject({ name: 'error', code: '23503' })
  expect(await invoke((db) => db.query('select 1'))).toMatchObject({ rowCount: 1 })
})

test('serialization failures are run again until they go well', async () => {
  const invoke = functionWith({ max: 4 })
  const health = await invoke(async (db) => {
    const move = () =>
      db.transaction(
        async (tx) => {
          const { rows } = await tx.query<{ sum: string }>('select sum(amount) from accounts')
          await tx.query('select pg_sleep(0.02)')
          await tx.query('update accounts set amount = amount + 1 where id = 1 and $1::int > 0', [rows[0]?.sum])
        },
        { isolation: 'serializable', retries: 20 },
      )
    await Promise.all([move(), move(), move(), move()])
    return db.health
  })
  expect(await amounts()).toEqual([104, 100])
  expect(health).toMatchObject({ opened: 4 })
  expect((health as Postgres['health']).retried).toBeGreaterThan(0)
})

test('deadlocks are run again', async () => {
  const invoke = functionWith({ max: 2 })
  await server.query(`alter role app set deadlock_timeout = '50ms'`).catch(() => {})
  let met = 0
  let meet = () => {}
  const both = new Promise<void>((resolve) => {
    meet = resolve
  })
  await invoke((db) => {
    const move = (from: number, to: number) =>
      db.transaction(async (tx) => {
        await add(tx, from, -1)
        if (++met === 2) meet()
        await both
        await add(tx, to, 1)
      })
    return Promise.all([move(1, 2), move(2, 1)])
  })
  expect(await amounts()).toEqual([100, 100])
})

test('not more often than it may be', async () => {
  let runs = 0
  const run = functionWith()((db) =>
    db.transaction(
      async (tx) => {
        runs++
        await tx.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`)
      },
      { retries: 2 },
    ),
  )
  expect(await thrownBy(run)).toMatchObject({ code: '40001', message: 'again' })
  expect(runs).toBe(3)
})

test('an error that its function catches is no commit', async () => {
  const run = functionWith()((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      await tx.query('insert into accounts values (1, 1)').catch(() => {})
      return 'as if all were well'
    }),
  )
  const error = await thrownBy(run)
  expect(error).toMatchObject({ name: 'TransactionError', cause: { code: '23505' } })
  expect(error.message).toMatch(/rolled back.*use a savepoint/)
  expect(await amounts()).toEqual([100, 100])
})

test('with a savepoint, it is', async () => {
  const invoke = functionWith()
  await invoke((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      await tx.query('savepoint here')
      await tx.query('insert into accounts values (1, 1)').catch(() => tx.query('rollback to savepoint here'))
    }),
  )
  expect(await amounts()).toEqual([90, 100])
})

test('statements that are not awaited are part of it, and fail it', async () => {
  const invoke = functionWith()
  await invoke((db) =>
    db.transaction(async (tx) => {
      void add(tx, 1, -10)
      void add(tx, 2, 10)
    }),
  )
  expect(await amounts()).toEqual([90, 110])
})

test('it reads only where it says so, and that is no failover', async () => {
  const invoke = functionWith()
  const run = invoke((db) => db.transaction((tx) => add(tx, 1, 1), { readOnly: true }))
  expect(await thrownBy(run)).toMatchObject({ name: 'error', code: '25006' })
  expect(await invoke((db) => db.transaction(async (tx) => [(await add(tx, 1, 1)).rowCount, db.health]))).toEqual([
    1,
    { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
  ])
})

test('a query of its own within it is refused at once where it would wait for itself', async () => {
  const invoke = functionWith()
  const nested = (within: (db: Postgres) => Promise<unknown>) => (db: Postgres) => db.transaction(() => within(db))
  for (const within of [
    (db: Postgres) => db.query('select 1'),
    (db: Postgres) => db.transaction((tx) => tx.query('select 1')),
    (db: Postgres) => db.pool.query('select 1'),
    async (db: Postgres) => (await db.pool.connect()).release(),
  ]) {
    const error = await thrownBy(invoke(nested(within)))
    expect(error.name).toBe('TransactionError')
    expect(error.message).toMatch(/^`db`: a query, or a transaction, of its own within transaction\(\).*use the `tx`/)
  }
})

test('and is let through where there are more connections, but not for ever', async () => {
  const invoke = functionWith({ max: 2 })
  const run = (db: Postgres) =>
    db.transaction(async () => {
      await db.query('select 1')
      return db.transaction(async () => db.query('select 2'))
    })
  expect((await thrownBy(invoke(run))).message).toMatch(/for ever for one of the 2 connections/)
})

test('what was begun in it and outlives it waits its turn as any other', async () => {
  const invoke = functionWith()
  let begin = () => {}
  let end = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let outliving: Promise<unknown> = Promise.resolve()
  let run: Promise<unknown> = Promise.resolve()
  await new Promise<void>((resolve) => {
    run = invoke(async (db) => {
      await db.transaction(async (tx) => {
        outliving = begun.then(() => db.query('select 1'))
        await tx.query('select 1')
      })
      resolve()
      await outliving
    })
  })
  const other = invoke((db) =>
    db.transaction(async () => {
      begin()
      await ended
    }),
  )
  setTimeout(end, 20)
  await expect(Promise.all([run, other])).resolves.toHaveLength(2)
})

test.each([
  'commit',
  '/* at last */ commit',
  '-- it is\nend',
  'select 1; commit',
  "select ';'; rollback",
  'abort and chain',
])('it alone ends it: %j is refused', async (statement) => {
  const run = functionWith()((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, 1)
      await tx.query(statement)
    }),
  )
  expect((await thrownBy(run)).message).toMatch(/transaction\(\) begins and ends the transaction/)
  expect(await amounts()).toEqual([100, 100])
})

test.each(["select '; commit'", 'select 1 as "commit"', 'select case when true then 1 end', '/* ; commit */ select 1'])(
  'what only mentions its end is let through: %j',
  async (statement) => {
    await functionWith()((db) => db.transaction((tx) => tx.query(statement)))
    await functionWith()((db) => db.query(statement))
  },
)

test('a function of SQL with BEGIN ATOMIC is let through', async () => {
  await server.query('grant create on schema public to app')
  const sql = 'create function one() returns int begin atomic select 1; select 1; end'
  await functionWith()((db) => db.transaction((tx) => tx.query(sql)))
})

test('another invocation’s query waits its turn meanwhile', async () => {
  const invoke = functionWith()
  let other: Promise<unknown> = Promise.resolve()
  await invoke((db) =>
    db.transaction(async (tx) => {
      await tx.query('select pg_sleep(0.05)')
    }),
  )
  const first = invoke((db) => db.transaction((tx) => tx.query('select pg_sleep(0.2)')))
  other = invoke(async (db) => (await db.query('select 2 as two')).rows)
  await first
  expect(await other).toEqual([{ two: 2 }])
})

test('when it is over it takes nothing more', async () => {
  const invoke = functionWith()
  let kept: Transaction | undefined
  await invoke((db) =>
    db.transaction((tx) => {
      kept = tx
    }),
  )
  expect((await thrownBy(kept!.query('select 1'))).message).toMatch(/the transaction is over: await every query/)
})

test.each(['begin', 'START TRANSACTION', 'commit', ' rollback', 'end'])('%s is no query', async (text) => {
  const invoke = functionWith()
  expect((await thrownBy(invoke((db) => db.query(text)))).message).toMatch(/use transaction\(\)$/)
  const within = (db: Postgres) => db.transaction((tx) => tx.query(text))
  expect((await thrownBy(invoke(within))).message).toMatch(/transaction\(\) begins and ends the transaction/)
})

test('a transaction that was left open from the pool is not handed on', async () => {
  const invoke = functionWith()
  await invoke(async (db) => {
    await db.pool.query('/* hidden */ begin')
    const client = await db.pool.connect()
    await client.query('begin')
    await client.query('update accounts set amount = 0')
    client.release()
  })
  expect(await invoke(async (db) => [(await db.query('select amount from accounts')).rows.length, db.health])).toEqual([
    2,
    { open: 1, waiting: 0, opened: 3, discarded: 2, retried: 0 },
  ])
  expect(await amounts()).toEqual([100, 100])
})
