import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { RowDataPacket } from 'mysql2'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { environments } from '../../test/environments.ts'
import { secretsBy, thrownBy, to } from '../../test/kit.ts'
import { runningOn } from '../../test/mariadb-kit.ts'
import { type MySql, mysql } from '../mysql.ts'

let server: MariaDb
beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table notes (note varchar(100))')
})
afterAll(() => server?.close())
beforeEach(() => server.query('delete from notes'))

const functionAt = (options: object = {}) => {
  const handler = lambda<(db: MySql) => Promise<unknown>>()
    .use(mysql({ ...to(server), ...options }))
    .handle(({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: (db: MySql) => Promise<unknown>) => handler(run, fakeContext())
}
const one = async (db: MySql) => (await db.query<RowDataPacket[]>('select 1 as one'))[0][0]?.one
const write = (db: MySql) => db.query("insert into notes values ('a note')")
const restart = async () => {
  await server.kill()
  await server.start()
}
const count = async () => (await server.query('select note from notes')).length

test('killed and started again between invocations, it is connected to anew', async () => {
  const invoke = functionAt()
  expect(await invoke(one)).toBe(1)
  await restart()
  expect(await invoke(one)).toBe(1)
})

test('killed and started again during an invocation, too', async () => {
  const run = async (db: MySql) => {
    await one(db)
    await restart()
    return [await one(db), db.health]
  }
  expect(await functionAt()(run)).toEqual([1, { open: 1, waiting: 0, opened: 2, discarded: 1, retried: 0 }])
})

test('killed in the middle of a statement, it leaves an error, and the next goes well', async () => {
  const invoke = functionAt()
  const error = thrownBy(invoke((db) => db.query('select sleep(30)')))
  await runningOn(server, 'sleep(30)')
  await restart()
  expect(await error).toMatchObject({ name: 'ConnectionLostError', resource: 'db', code: expect.any(String) })
  expect(await invoke(one)).toBe(1)
})

test('a statement that may take effect twice is sent again', async () => {
  const answer = functionAt()(async (db) => {
    const [rows] = await db.query<RowDataPacket[]>({ sql: 'select sleep(0.8), 2 as two', idempotent: true })
    return [rows[0]?.two, db.health.retried > 0]
  })
  await runningOn(server, 'sleep(0.8)')
  await restart()
  expect(await answer).toEqual([2, true])
})

test('and is in doubt where nobody can be reached to send it to again', async () => {
  const error = thrownBy(functionAt()((db) => db.query({ sql: 'select sleep(30)', idempotent: true })))
  await runningOn(server, 'sleep(30)')
  await server.kill()
  expect((await error).name).toBe('ConnectionLostError')
  await server.start()
})

test('a transaction is run again when its connection is lost before COMMIT', async () => {
  let runs = 0
  await functionAt()((db) =>
    db.transaction(async (tx) => {
      await tx.query('insert into notes values (?)', ['once'])
      if (++runs === 1) await server.terminate('app')
      await tx.query('select 1')
    }),
  )
  expect(runs).toBe(2)
  expect(await count()).toBe(1)
})

test('an administrator who ends idle sessions crashes nothing, and costs no statement', async () => {
  const invoke = functionAt()
  for (let i = 0; i < 5; i++) {
    await invoke(write)
    await server.terminate('app')
  }
  expect(await invoke(async (db) => [await one(db), db.health])).toEqual([
    1,
    { open: 1, waiting: 0, opened: 6, discarded: 5, retried: 0 },
  ])
  expect(await count()).toBe(5)
})

test('an orderly shutdown in the middle of a transaction: it is run again on the server that comes', async () => {
  let runs = 0
  await functionAt({ acquireTimeout: 20_000 })((db) =>
    db.transaction(
      async (tx) => {
        await tx.query("insert into notes values ('shutdown')")
        if (++runs === 1) await server.stop().then(server.start)
      },
      { retries: 5 },
    ),
  )
  expect(runs).toBe(2)
  expect(await count()).toBe(1)
})

test('frozen for longer than the server keeps an idle session: it connects anew, and sends the statement once', async () => {
  const processes = await environments('mysql-environment.ts')
  const environment = await processes.start(to(server))
  onTestFinished(async () => {
    await environment.end()
    await processes.close()
    await server.query('set global wait_timeout = 28800')
  })
  await server.query('set global wait_timeout = 1')
  for (let i = 1; i <= 2; i++) {
    expect(await environment.invoke({ key: `frozen ${i}` })).toEqual({ opened: i, discarded: i - 1 })
    environment.freeze()
    while ((await server.sessions('app')) > 0) await sleep(20)
    environment.thaw()
  }
  expect(await environment.invoke({ key: 'frozen 3' })).toEqual({ opened: 3, discarded: 2 })
  expect(await count()).toBe(6)
})

test('a server that was stopped for a while, and continued, is asked no statement twice', async () => {
  const invoke = functionAt()
  await invoke(write)
  await server.pause()
  const answer = invoke(write)
  await sleep(300)
  await server.resume()
  await answer
  expect(await count()).toBe(2)
  expect(await invoke(async (db) => db.health)).toMatchObject({ opened: 1 })
})

test('a server that answers no ping after the thaw is replaced', async () => {
  const invoke = functionAt()
  await invoke(one)
  const now = Date.now()
  const clock = { ahead: 60_000 }
  const real = Date.now
  Date.now = () => real() + clock.ahead
  onTestFinished(() => {
    Date.now = real
  })
  await server.pause()
  const answer = invoke(write)
  await sleep(1_200)
  await server.resume()
  await answer
  expect(real()).toBeGreaterThan(now)
  expect(await invoke(async (db) => db.health)).toMatchObject({ open: 1, opened: 2, discarded: 1 })
  expect(await count()).toBe(1)
})

test('idle for too long by the clock on the wall, a connection is not used again', async () => {
  const invoke = functionAt()
  await invoke(one)
  const real = Date.now
  Date.now = () => real() + 300_000
  onTestFinished(() => {
    Date.now = real
  })
  expect(await invoke(async (db) => [await one(db), db.health])).toEqual([
    1,
    { open: 1, waiting: 0, opened: 2, discarded: 1, retried: 0 },
  ])
})

test('a statement’s own timeout is in doubt, its connection given up, and the statement ended', async () => {
  const invoke = functionAt()
  const late = (db: MySql) => db.query({ sql: 'select sleep(30)', timeout: 50 })
  expect(await thrownBy(invoke(late))).toMatchObject({
    name: 'ConnectionLostError',
    code: 'PROTOCOL_SEQUENCE_TIMEOUT',
  })
  const sleeping = "select id from information_schema.processlist where info = 'select sleep(30)'"
  while ((await server.query(sleeping)).length > 0) await sleep(20)
  expect(await invoke(one)).toBe(1)
})

test('where nobody listens, the error says so', async () => {
  const error = await thrownBy(functionAt({ port: 1 })(one))
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ECONNREFUSED' })
  expect(error.message).toMatch(/security groups/)
})

test('too many connections: the error says what to do', async () => {
  await server.query('alter user app@? with max_user_connections 1', ['%'])
  onTestFinished(() => void server.query('alter user app@? with max_user_connections 0', ['%']))
  await functionAt()(async (db) => {
    await one(db)
    const error = await thrownBy(functionAt()(one))
    expect(error).toMatchObject({ name: 'ConnectError', cause: { errno: 1226 } })
    expect(error.message).toMatch(/put an RDS Proxy between, or lower `max`/)
  })
})

test('a server that has become a reader is left', async () => {
  const invoke = functionAt({ max: 3 })
  await invoke((db) => Promise.all([write(db), write(db), write(db)]))
  await server.setReadOnly(true)
  const error = await thrownBy(invoke(write))
  expect(error).toMatchObject({ name: 'FailoverError', code: 'ER_OPTION_PREVENTS_STATEMENT', cause: { errno: 1290 } })
  expect(error.message).toMatch(/takes no writes.*connect to the writer$/)
  expect(await invoke(async (db) => db.health.open)).toBe(0)
  await server.setReadOnly(false)
  expect(await invoke(async (db) => [(await write(db)).length, db.health.opened])).toEqual([2, 4])
})

test('a transaction is run again on a new connection, until there is a writer', async () => {
  await server.setReadOnly(true)
  let runs = 0
  await functionAt()((db) =>
    db.transaction(async (tx) => {
      if (++runs === 2) await server.setReadOnly(false)
      await tx.query("insert into notes values ('after the failover')")
    }),
  )
  expect(runs).toBe(2)
  expect(await count()).toBe(1)
})

test('nor is one committed by a server that has become a reader meanwhile', async () => {
  let runs = 0
  await functionAt()((db) =>
    db.transaction(async (tx) => {
      if (++runs === 2) await server.setReadOnly(false)
      await tx.query("insert into notes values ('during the failover')")
      if (runs === 1) await server.setReadOnly(true)
    }),
  )
  expect(runs).toBe(2)
  expect(await count()).toBe(1)
})

/** Secrets Manager's versions of one secret, as a rotation moves them. */
const rotating = () => {
  const vault = { current: server.passwords.get('app')!, pending: undefined as string | undefined, fetches: 0 }
  const secrets = secretsBy(async (_, wrong) => {
    vault.fetches++
    const isWrong = wrong?.value.password === vault.current
    return { username: 'app', password: isWrong && vault.pending ? vault.pending : vault.current }
  })
  const handler = lambda<() => Promise<unknown>>()
    .use(secrets)
    .use(mysql({ ...to(server), credentials: ({ secrets }) => secrets.database }))
    .handle(async ({ event, db }) => {
      await one(db)
      await event()
      return [await one(db), db.health.opened]
    })
  onTestFinished(() => handler.dispose())
  return { vault, invoke: (during: () => Promise<unknown> = async () => {}) => handler(during, fakeContext()) }
}

test('a password that is rotated between two invocations is fetched anew', async () => {
  const { vault, invoke } = rotating()
  expect(await invoke()).toEqual([1, 1])
  vault.current = 'second'
  await server.setPassword('app', 'second')
  await server.terminate('app')
  expect(await invoke()).toEqual([1, 2])
  expect(vault.fetches).toBe(2)
})

test('a password that is rotated during an invocation, too', async () => {
  const { vault, invoke } = rotating()
  const rotate = async () => {
    vault.current = 'third'
    await server.setPassword('app', 'third')
    await server.terminate('app')
  }
  expect(await invoke(rotate)).toEqual([1, 2])
  expect(vault.fetches).toBe(2)
})

test('a password that the database has already, and Secrets Manager as AWSPENDING, is found', async () => {
  const { vault, invoke } = rotating()
  await invoke()
  vault.pending = 'fourth'
  await server.setPassword('app', 'fourth')
  await server.terminate('app')
  expect(await invoke()).toEqual([1, 2])
})

test('a password that stays wrong is tried twice, and the error shows no value', async () => {
  const { vault, invoke } = rotating()
  vault.current = 'never the password'
  const error = await thrownBy(invoke())
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ER_ACCESS_DENIED_ERROR' })
  expect(error.message).toMatch(/^`db`: could not connect to 127\.0\.0\.1:\d+ as "app": .*does the secret hold/i)
  const { inspect } = await import('node:util')
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('never the password')
  expect(vault.fetches).toBe(2)
})
