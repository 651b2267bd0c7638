import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import type { RowDataPacket } from 'mysql2'
import type { PoolConnection } from 'mysql2/promise'
import { type MariaDb, startMariaDb, startTokenProxy } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { runningOn } from '../../test/mariadb-kit.ts'
import { iam } from '../index.ts'
import { type MySql, mysql } from '../mysql.ts'
import { Pinning } from '../pinning.ts'
import { cancel } from './cancel.ts'
import { mysqlDriver } from './driver.ts'
import { loadMySql2 } from './mysql2.ts'
import { pins } from './pins.ts'

let server: MariaDb
beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table notes (note varchar(100))')
})
afterAll(() => server?.close())

const written = async (note: string) => (await server.query('select 1 from notes where note = ?', [note])).length
const one = async (db: MySql) => (await db.query<RowDataPacket[]>('select 1 as one'))[0]

/** Like a source: answers at the deadline, whatever still runs. */
const functionOf = (options: object = {}) => {
  const handler = lambda<(db: MySql, defer: (fn: () => unknown) => void) => Promise<unknown>>()
    .use(mysql({ ...to(server), ...options }))
    .use(async (ctx, next) => {
      const expired = new Promise<never>((_, reject) => {
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))
      })
      return Promise.race([next(), expired])
    })
    .handle(({ event, db, defer }) => event(db, defer))
  onTestFinished(() => handler.dispose())
  return (run: (db: MySql, defer: (fn: () => unknown) => void) => Promise<unknown>, timeout = 30_000) =>
    handler(run, fakeContext({ timeout }))
}

test('a transaction that meets the deadline never commits, and its connection is not used again', async () => {
  const invoke = functionOf()
  let late: Promise<unknown> = Promise.resolve()
  const run = (db: MySql) => {
    late = db.transaction(async (tx) => {
      await tx.query("insert into notes values ('late')")
      await tx.query('select sleep(1)')
    })
    return late
  }
  expect(await thrownBy(invoke(run, 600))).toMatchObject({ name: 'DeadlineError' })
  expect(await thrownBy(late)).toMatchObject({ name: 'DeadlineError' })
  expect(await invoke(async (db) => [await one(db), db.health.discarded])).toEqual([[{ one: 1 }], 1])
  while ((await server.sessions('app')) > 1) await sleep(20)
  expect(await written('late')).toBe(0)
})

test('nor one whose function is at something else when the deadline comes', async () => {
  const invoke = functionOf()
  let late: Promise<unknown> = Promise.resolve()
  const run = (db: MySql) => {
    late = db.transaction(async (tx) => {
      await tx.query("insert into notes values ('elsewhere')")
      await sleep(800)
    })
    return late
  }
  expect(await thrownBy(invoke(run, 400))).toMatchObject({ name: 'DeadlineError' })
  expect(await thrownBy(late)).toMatchObject({ name: 'DeadlineError' })
  while ((await server.sessions('app')) > 0) await sleep(20)
  expect(await written('elsewhere')).toBe(0)
})

test('a statement that waits for a lock at the deadline is ended, and does not take effect later', async () => {
  const invoke = functionOf()
  const other = functionOf()
  const locked = Promise.withResolvers<void>()
  const unlock = Promise.withResolvers<void>()
  await server.query('create table locks (id int primary key, note text)')
  await server.query("insert into locks values (1, 'free')")
  const holding = other((db) =>
    db.transaction(async (tx) => {
      await tx.query('select * from locks where id = 1 for update')
      locked.resolve()
      await unlock.promise
    }),
  )
  await locked.promise
  const update = (db: MySql) => db.query('  update locks set note = ? where id = 1 ;', ['late'])
  expect(await thrownBy(invoke(update, 600))).toMatchObject({ name: 'DeadlineError' })
  while ((await server.sessions('app')) > 1) await sleep(10)
  unlock.resolve()
  await holding
  expect(await server.query('select note from locks')).toEqual([{ note: 'free' }])
})

test('behind a proxy, whose numbers are others, no other session is ended', async () => {
  const { tls, credentials, ...address } = to(server)
  const driver = mysqlDriver({
    mysql2: await loadMySql2(),
    tls,
    cleartext: false,
    pinning: new Pinning('db', pins),
    driver: {},
    applicationName: undefined,
    shown: { type: 'MySQL', statements: false },
  })
  const connect = () => driver.connect({ ...address, ...credentials }, new AbortController().signal, () => {})
  const [innocent, other] = await Promise.all([connect(), connect()])
  const { threadId } = innocent.connection
  const slept = innocent.send('query', 'select sleep(0.5) as interrupted')
  await cancel(other, threadId, 'select sleep(5)')
  expect((await slept)[0]).toEqual([{ interrupted: 0 }])
  const ended = thrownBy(innocent.send('query', 'select sleep(5)'))
  await runningOn(server, 'sleep(5)')
  await cancel(other, threadId, '\nselect sleep(5); ')
  expect(driver.kindOf(await ended)).toBe('lost')
  other.destroy()
})

test('who waits for a connection at the deadline waits no longer', async () => {
  const invoke = functionOf()
  const run = async (db: MySql) =>
    Promise.all([db.query('select sleep(5)'), db.query("insert into notes values ('waited')")])
  expect(await thrownBy(invoke(run, 400))).toMatchObject({ name: 'DeadlineError' })
  expect(await invoke(one)).toEqual([{ one: 1 }])
  expect(await written('waited')).toBe(0)
})

test('after the deadline nothing is sent', async () => {
  const invoke = functionOf()
  let late: Promise<unknown> = Promise.resolve()
  const run = (db: MySql) => {
    late = (async () => {
      await one(db)
      await sleep(500)
      return await thrownBy(db.query("insert into notes values ('after')"))
    })()
    return late
  }
  expect(await thrownBy(invoke(run, 300))).toMatchObject({ name: 'DeadlineError' })
  expect(await late).toMatchObject({ name: 'DeadlineError' })
  expect(await written('after')).toBe(0)
})

test('what is still in use when its invocation has ended is destroyed, and told', async () => {
  const invoke = functionOf()
  let forgotten: Promise<unknown> = Promise.resolve()
  const { logs } = await collectLogs(() =>
    invoke(async (db) => {
      await one(db)
      forgotten = thrownBy(
        db.transaction(async (tx) => {
          await tx.query("insert into notes values ('forgotten')")
          await tx.query('select sleep(2)')
        }),
      )
      await runningOn(server, 'sleep(2)')
    }),
  )
  expect(await server.sessions('app')).toBe(0)
  expect(await forgotten).toMatchObject({ name: 'LeaseError' })
  expect(logs.text.join('\n')).toMatch(/still in use when its invocation had ended.*await every query/s)
  expect(await written('forgotten')).toBe(0)
})

test('deferred functions have the database to their end', async () => {
  const invoke = functionOf()
  const { logs } = await collectLogs(() =>
    invoke(async (db, defer) => {
      await one(db)
      defer(async () => {
        await db.query('select sleep(0.2)')
        await db.query("insert into notes values ('deferred')")
      })
    }),
  )
  expect(logs.text).toEqual([])
  expect(await written('deferred')).toBe(1)
})

test('a connection that its taker does not release is destroyed with the invocation', async () => {
  const invoke = functionOf()
  const taken: PoolConnection[] = []
  await collectLogs(() =>
    invoke(async (db) => {
      taken.push(await db.pool.promise().getConnection())
    }),
  )
  expect((await thrownBy(taken[0]!.query('select 1'))).name).toBe('LeaseError')
  expect(await invoke(one)).toEqual([{ one: 1 }])
})

test('no connection within the time that is left: the error is the deadline’s, and nothing is left behind', async () => {
  await server.pause()
  onTestFinished(() => server.resume())
  expect(await thrownBy(functionOf()(one, 400))).toMatchObject({ name: 'DeadlineError' })
})

test('no connection within `connectTimeout`', async () => {
  await server.pause()
  onTestFinished(() => server.resume())
  const error = await thrownBy(functionOf({ connectTimeout: 100 })(one))
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ETIMEDOUT' })
  expect(error.message).toMatch(/no connection within 100 ms/)
})

test('nor does a server that falls silent in the middle of it end the process', async () => {
  const sockets: Socket[] = []
  // It lets the greeting through, and nothing more.
  const silent = createServer((client) => {
    const upstream = connect(server.port, '127.0.0.1')
    sockets.push(client, upstream)
    upstream.once('data', (greeting) => client.write(greeting))
  })
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as AddressInfo
  const error = await thrownBy(functionOf({ port, connectTimeout: 100 })(one))
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ETIMEDOUT' })
  await sleep(50)
})

/** In front of the server, as an RDS Proxy with IAM authentication is. */
const behindTokens = async (verify: (token: string, user: string) => boolean | string) => {
  const proxy = await startTokenProxy({ to: server, verify })
  onTestFinished(() => proxy.close())
  return proxy
}

test('a token is made for every connect, and sent in the clear within TLS alone', async () => {
  const shown: string[] = []
  const proxy = await behindTokens((token) => shown.push(token) > 0)
  let made = 0
  const signer = { getAuthToken: async () => `token ${++made}` }
  const options = { port: proxy.port, credentials: iam({ user: 'app', signer }) }
  const invoke = functionOf(options)
  expect(await invoke(one)).toEqual([{ one: 1 }])
  expect(await invoke(one)).toEqual([{ one: 1 }])
  proxy.dropAll()
  await sleep(50)
  expect(await invoke(one)).toEqual([{ one: 1 }])
  expect(shown).toEqual(['token 1', 'token 2'])
  expect(() => mysql({ ...to(server), ...options, tls: false })).toThrow(/iam\(\) needs TLS/)
})

test('a token that has expired is made anew once, and is not shown', async () => {
  const proxy = await behindTokens((token) => token === 'good' || 'expired')
  const tokens = ['expired', 'good', 'expired', 'expired']
  const signer = { getAuthToken: async () => tokens.shift()! }
  const invoke = functionOf({ port: proxy.port, credentials: iam({ user: 'app', signer }) })
  expect(await invoke(one)).toEqual([{ one: 1 }])
  proxy.dropAll()
  await sleep(50)
  const error = await thrownBy(invoke(one))
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ER_ACCESS_DENIED_ERROR' })
  expect(error.message).toMatch(/rds-db:connect/)
  expect(error.message).not.toContain('expired')
  expect(proxy.refusals()).toEqual(['expired', 'expired', 'expired'])
})

test('a password is not sent in the clear, even if the server asks for it', async () => {
  const shown: string[] = []
  const proxy = await behindTokens((token) => shown.push(token) > 0)
  const error = await thrownBy(functionOf({ port: proxy.port })(one))
  expect(error.message).toMatch(/wants an IAM token for this user: credentials: iam\(\{ user \}\)$/)
  expect(shown).toEqual([])
})
