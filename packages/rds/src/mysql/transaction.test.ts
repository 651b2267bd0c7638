import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { ResultSetHeader, RowDataPacket } from 'mysql2'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { type MySql, mysql, type Transaction } from '../mysql.ts'

let server: MariaDb

beforeAll(async () => {
  server = await startMariaDb({ settings: { 'innodb-lock-wait-timeout': 1 } })
  await server.query('create table accounts (id int primary key, amount int not null)')
  await server.query('create procedure app.hidden() begin create table if not exists by_procedure (id int); end')
})
afterAll(() => server?.close())
beforeEach(async () => {
  await server.query('delete from accounts')
  await server.query('insert into accounts values (1, 100), (2, 100)')
})

const functionWith = (options: object = {}) => {
  const handler = lambda<(db: MySql) => Promise<unknown>>()
    .use(mysql({ ...to(server), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: MySql) => Promise<unknown>) => handler(run, fakeContext())
}
const amounts = async () => (await server.query('select amount from accounts order by id')).map(({ amount }) => amount)
const add = (tx: Transaction, id: number, amount: number) =>
  tx.query<ResultSetHeader>('update accounts set amount = amount + ? where id = ?', [amount, id])

/** Resolves for all when so many have come. */
const meeting = (of: number) => {
  const all = Promise.withResolvers<void>()
  let met = 0
  return () => {
    if (++met === of) all.resolve()
    return all.promise
  }
}

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
  const twice = (db: MySql) => db.transaction((tx) => tx.query('insert into accounts values (1, 1)'))
  expect(await thrownBy(invoke(twice))).toMatchObject({ code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' })
  expect(await thrownBy(invoke((db) => db.query('select nothing')))).toMatchObject({ code: 'ER_BAD_FIELD_ERROR' })
})

test('a statement that fails leaves the transaction as it was, and its function may go on', async () => {
  await functionWith()((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      await thrownBy(tx.query('insert into accounts values (1, 1)'))
      await add(tx, 2, 10)
    }),
  )
  expect(await amounts()).toEqual([90, 110])
})

test('deadlocks are run again', async () => {
  const invoke = functionWith({ max: 2 })
  const meet = meeting(2)
  const retried = await invoke(async (db) => {
    const move = (from: number, to: number) =>
      db.transaction(async (tx) => {
        await add(tx, from, -1)
        await meet()
        await add(tx, to, 1)
      })
    await Promise.all([move(1, 2), move(2, 1)])
    return db.health.retried
  })
  expect(await amounts()).toEqual([100, 100])
  expect(retried).toBe(1)
})

test('after a deadlock nothing more is sent, since the server has rolled all of it back', async () => {
  const invoke = functionWith({ max: 2 })
  const meet = meeting(2)
  const errors: unknown[] = []
  await invoke((db) => {
    const move = (from: number, to: number) =>
      db.transaction(async (tx) => {
        await add(tx, from, -1)
        await meet()
        await add(tx, to, 1).catch((error) => errors.push(error.code))
        await add(tx, to, 1_000).catch((error) => {
          errors.push(error.code)
          throw error
        })
        await add(tx, to, -1_000)
      })
    return Promise.all([move(1, 2), move(2, 1)])
  })
  expect(errors).toEqual(['ER_LOCK_DEADLOCK', 'ER_LOCK_DEADLOCK'])
  expect(await amounts()).toEqual([100, 100])
})

test('a lock that is waited for too long: all of it is rolled back, and run again', async () => {
  const invoke = functionWith({ max: 2 })
  let runs = 0
  await invoke(async (db) => {
    const locked = Promise.withResolvers<void>()
    const unlock = Promise.withResolvers<void>()
    const holder = db.transaction(async (tx) => {
      await add(tx, 2, 1)
      locked.resolve()
      await unlock.promise
    })
    await locked.promise
    await db.transaction(async (tx) => {
      await add(tx, 1, -1)
      if (++runs === 2) unlock.resolve()
      await add(tx, 2, 1)
    })
    await holder
  })
  expect(runs).toBe(2)
  expect(await amounts()).toEqual([99, 102])
})

test('not more often than it may be', async () => {
  let runs = 0
  const run = functionWith()((db) =>
    db.transaction(
      async (tx) => {
        runs++
        await tx.query("signal sqlstate '40001' set mysql_errno = 1213, message_text = 'again'")
      },
      { retries: 2 },
    ),
  )
  expect(await thrownBy(run)).toMatchObject({ errno: 1213, message: 'again' })
  expect(runs).toBe(3)
})

test('the isolation level is that of the transaction, and of no other', async () => {
  const invoke = functionWith()
  const level = 'select @@tx_isolation as level'
  const levelOf = async (of: { query: MySql['query'] }) => (await of.query<RowDataPacket[]>(level))[0][0]?.level
  const seen = await invoke(async (db) => [
    await db.transaction(levelOf, { isolation: 'serializable' }),
    await db.transaction(levelOf, { isolation: 'serializable' }),
    await db.transaction(levelOf, { isolation: 'read uncommitted' }),
    await levelOf(db),
    await db.transaction(levelOf, { isolation: 'read committed' }),
    await db.transaction(levelOf),
    await db.transaction(levelOf, { isolation: 'serializable' }),
    await levelOf(db.pool.promise()),
    await db.transaction(levelOf, { isolation: 'serializable' }),
    await db.pool
      .promise()
      .getConnection()
      .then(async (connection) => {
        const level = await levelOf(connection)
        connection.release()
        return level
      }),
    db.health.opened,
  ])
  expect(seen).toEqual([
    'SERIALIZABLE',
    'SERIALIZABLE',
    'READ-UNCOMMITTED',
    'REPEATABLE-READ',
    'READ-COMMITTED',
    'REPEATABLE-READ',
    'SERIALIZABLE',
    'REPEATABLE-READ',
    'SERIALIZABLE',
    'REPEATABLE-READ',
    1,
  ])
})

test('it reads only where it says so, and that is no failover', async () => {
  const invoke = functionWith()
  let runs = 0
  const run = invoke((db) =>
    db.transaction(
      (tx) => {
        runs++
        return add(tx, 1, 1)
      },
      { readOnly: true },
    ),
  )
  expect(await thrownBy(run)).toMatchObject({ code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' })
  expect(runs).toBe(1)
  expect(await invoke(async (db) => [(await db.transaction((tx) => add(tx, 1, 1))).length, db.health])).toEqual([
    2,
    { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
  ])
})

test.each(['create table t (id int)', 'TRUNCATE accounts', ' alter table accounts add b int', 'drop table accounts'])(
  '%s would commit it, and is not sent',
  async (text) => {
    const run = functionWith()((db) =>
      db.transaction(async (tx) => {
        await add(tx, 1, -10)
        await tx.query(text)
      }),
    )
    const error = await thrownBy(run)
    expect(error.name).toBe('TransactionError')
    expect(error.message).toMatch(/would be committed before its end.*Run them outside of transaction/)
    expect(await amounts()).toEqual([100, 100])
  },
)

test('where a procedure has committed it, what follows is not sent', async () => {
  const run = functionWith()((db) =>
    db.transaction(async (tx) => {
      await tx.query('call app.hidden()').catch(() => {})
      await add(tx, 1, -10).catch(() => {})
      await add(tx, 1, -10)
    }),
  )
  const error = await thrownBy(run)
  expect(error.message).toMatch(/was committed before its end/)
  expect(await amounts()).toEqual([100, 100])
})

test('nor is that hidden by who catches the error', async () => {
  const run = functionWith()((db) => db.transaction((tx) => tx.query('call app.hidden()').catch(() => {})))
  expect((await thrownBy(run)).name).toBe('TransactionError')
})

test('a temporary table commits nothing', async () => {
  await functionWith({ pinning: 'allow' })((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      await tx.query('create temporary table scratch (id int)')
      await tx.query('drop temporary table scratch')
    }),
  )
  expect(await amounts()).toEqual([90, 100])
})

test('a savepoint takes back a part of it', async () => {
  await functionWith()((db) =>
    db.transaction(async (tx) => {
      await add(tx, 1, -10)
      await tx.query('savepoint here')
      await add(tx, 2, 10)
      await tx.query('rollback to savepoint here')
    }),
  )
  expect(await amounts()).toEqual([90, 100])
})

test('statements that are not awaited are part of it', async () => {
  await functionWith()((db) =>
    db.transaction((tx) => {
      void add(tx, 1, -10)
      void add(tx, 2, 10)
    }),
  )
  expect(await amounts()).toEqual([90, 110])
})

test('a query of its own within it is refused at once where it would wait for itself', async () => {
  const invoke = functionWith()
  const nested = (within: (db: MySql) => Promise<unknown>) => (db: MySql) => db.transaction(() => within(db))
  for (const within of [
    (db: MySql) => db.query('select 1'),
    (db: MySql) => db.execute('select 1'),
    (db: MySql) => db.transaction((tx) => tx.query('select 1')),
    (db: MySql) => db.pool.promise().query('select 1'),
    async (db: MySql) => (await db.pool.promise().getConnection()).release(),
  ]) {
    const error = await thrownBy(invoke(nested(within)))
    expect(error.name).toBe('TransactionError')
    expect(error.message).toMatch(/^`db`: a query, or a transaction, of its own within transaction\(\).*use the `tx`/)
  }
})

test('when it is over it takes nothing more', async () => {
  let kept: Transaction | undefined
  await functionWith()((db) =>
    db.transaction((tx) => {
      kept = tx
    }),
  )
  expect((await thrownBy(kept!.query('select 1'))).message).toMatch(/the transaction is over: await every query/)
})

test.each(['begin', 'START TRANSACTION', 'commit', ' rollback', 'xa start "x"', 'set autocommit = 0'])(
  '%s is no query',
  async (text) => {
    const invoke = functionWith()
    expect((await thrownBy(invoke((db) => db.query(text)))).message).toMatch(/use transaction\(\)$/)
    const within = (db: MySql) => db.transaction((tx) => tx.query(text))
    expect((await thrownBy(invoke(within))).message).toMatch(/transaction\(\) begins and ends the transaction/)
  },
)

test('a transaction that was left open from the pool is not handed on', async () => {
  const invoke = functionWith()
  await invoke(async (db) => {
    const pool = db.pool.promise()
    await pool.query('/* hidden */ begin')
    await pool.query('/* hidden */ set autocommit = 0')
    const connection = await pool.getConnection()
    await connection.beginTransaction()
    await connection.query('update accounts set amount = 0')
    connection.release()
  })
  const found = await invoke(async (db) => [(await db.query<RowDataPacket[]>('select 1 as one'))[0], db.health])
  expect(found).toEqual([[{ one: 1 }], { open: 1, waiting: 0, opened: 4, discarded: 3, retried: 0 }])
  expect(await amounts()).toEqual([100, 100])
})

test('300 transactions of many invocations at once do not mix', async () => {
  const invoke = functionWith({ max: 3 })
  await server.query('create table steps (id int auto_increment primary key, who int, step int, session int)')
  await Promise.all(
    Array.from({ length: 300 }, (_, who) =>
      invoke((db) =>
        db.transaction(async (tx) => {
          for (const step of [1, 2])
            await tx.query('insert into steps (who, step, session) values (?, ?, connection_id())', [who, step])
          if (who % 3 === 0) throw new Error('rolled back')
        }),
      ).catch((error: Error) => expect(error.message).toBe('rolled back')),
    ),
  )
  const rows = await server.query(
    'select who, count(*) as n, count(distinct session) as sessions, sum(step) as steps from steps group by who',
  )
  expect(rows).toHaveLength(200)
  for (const { who, n, sessions, steps } of rows)
    expect([Number(who) % 3 === 0, n, sessions, Number(steps)], `${who}`).toEqual([false, 2, 1, 3])
})
