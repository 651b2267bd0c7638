import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { ResultSetHeader, RowDataPacket } from 'mysql2'
import { createAuthority, type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { runningOn } from '../../test/mariadb-kit.ts'
import { iam } from '../index.ts'
import { type MySql, type MySqlOptions, mysql } from '../mysql.ts'

let server: MariaDb
beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table notes (id int auto_increment primary key, note varchar(100) unique)')
  await server.query('create procedure app.hidden() begin create table if not exists by_procedure (id int); end')
})
afterAll(() => server?.close())

const sound = { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 }
type Run = (db: MySql) => unknown

const functionOf = (options: Partial<MySqlOptions> = {}) => {
  const handler = lambda<Run>()
    .use(mysql({ ...to(server), ...options }))
    .handle(async ({ event, db }) => event(db))
  onTestFinished(() => handler.dispose())
  return (run: Run, timeout = 30_000) => handler(run, fakeContext({ timeout }))
}

test('a function queries the database, and opens one connection', async () => {
  const invoke = functionOf()
  for (const i of [1, 2, 3]) {
    const given = await invoke(async (db) => {
      const [{ insertId }] = await db.query<ResultSetHeader>('insert into notes (note) values (?)', [`note ${i}`])
      const two = await db.transaction(async (tx) => (await tx.query<RowDataPacket[]>('select 2 as two'))[0])
      const [rows] = await db.query<RowDataPacket[][]>({ sql: 'select ? as a', values: [1], rowsAsArray: true })
      return [insertId, two, rows, db.health]
    })
    expect(given).toEqual([i, [{ two: 2 }], [[1]], sound])
  }
})

test('at INIT where that is wanted', async () => {
  const handler = lambda()
    .use(mysql({ ...to(server), connect: 'init' }))
    .handle(({ db }) => db.health)
  onTestFinished(() => handler.dispose())
  expect(await handler({}, fakeContext())).toEqual(sound)
})

test('numbers that JavaScript cannot hold are text, and dates are in UTC', async () => {
  const big = '9223372036854775807'
  const rows = (options: object) =>
    functionOf(options)(async (db) => {
      const sql = `select ${big} as big, cast('2026-01-02 03:04:05' as datetime) as at, cast(? as char) as sent`
      const [rows] = await db.query<RowDataPacket[]>(sql, [new Date('2026-01-02T03:04:05Z')])
      return rows[0]
    })
  const at = new Date('2026-01-02T03:04:05Z')
  expect(await rows({})).toEqual({ big, at, sent: '2026-01-02 03:04:05.000' })
  expect(await rows({ driver: { dateStrings: true } })).toMatchObject({ at: '2026-01-02 03:04:05' })
})

test('execute() prepares, where that is allowed', async () => {
  const invoke = functionOf({ pinning: 'allow' })
  const found = await invoke(async (db) => {
    const [{ affectedRows }] = await db.execute<ResultSetHeader>('insert into notes (note) values (?)', ['prepared'])
    const [rows] = await db.execute<RowDataPacket[]>('select ? as it', [1])
    const within = await db.transaction(async (tx) => (await tx.execute<RowDataPacket[]>('select ? as it', ['2']))[0])
    const [pooled] = await db.pool.promise().execute('select ? as it', [3])
    const wrong = await thrownBy(db.execute('select ?', [undefined as never]))
    return [affectedRows, rows, within, pooled, wrong.message, db.health]
  })
  expect(found).toEqual([
    1,
    [{ it: 1 }],
    [{ it: '2' }],
    [{ it: 3 }],
    expect.stringContaining('must not contain undefined'),
    sound,
  ])
})

test('no password is to be seen', async () => {
  await functionOf()(async (db) => {
    const { inspect } = await import('node:util')
    const connection = await db.pool.promise().getConnection()
    const shown = inspect([db, db.pool, connection, connection.connection.config], { depth: 9, showHidden: true })
    connection.release()
    expect(shown).not.toContain(server.password)
  })
})

const one: Run = (db) => db.query('select 1')
const insert = (note: string) => (db: MySql) =>
  db.transaction((tx) => tx.query('insert into notes (note) values (?)', [note]))
const cutDuring = async (text: string, run: Run) => {
  const thrown = thrownBy(functionOf()(run))
  await runningOn(server, text)
  await server.terminate('app')
  return thrown
}
const paused = async (run: () => ReturnType<typeof thrownBy>) => {
  await server.pause()
  return run().finally(server.resume)
}

const table: Readonly<Record<string, () => Promise<Error & { code?: string }>>> = {
  'a wrong password': () => thrownBy(functionOf({ credentials: { user: 'app', password: 'correct horse' } })(one)),
  'no credentials for a token': () =>
    thrownBy(
      functionOf({
        credentials: iam({
          user: 'app',
          region: 'eu-west-1',
          credentials: async () => Promise.reject(new Error('none')),
        }),
      })(one),
    ),
  'nobody there': () => thrownBy(functionOf({ port: 1 })(one)),
  'no such host': () => thrownBy(functionOf({ host: 'no-such-host.invalid' })(one)),
  'no such database': () => thrownBy(functionOf({ database: 'other' })(one)),
  'an unknown authority': async () => thrownBy(functionOf({ tls: { ca: (await createAuthority()).ca } })(one)),
  'another host’s certificate': () =>
    thrownBy(functionOf({ tls: { ca: server.ca, servername: 'db.example.com' } })(one)),
  'no TLS': () => thrownBy(functionOf({ tls: false })(one)),
  'no answer': () => paused(() => thrownBy(functionOf({ connectTimeout: 50 })(one))),
  'all in use': () =>
    thrownBy(
      functionOf({ acquireTimeout: 1_000 })(async (db) => {
        const connection = await db.pool.promise().getConnection()
        await Promise.resolve(one(db)).finally(() => connection.release())
      }),
    ),
  'lost with a statement': () => cutDuring('sleep(30)', (db) => db.query('select sleep(30)')),
  'a failover': async () => {
    await server.setReadOnly(true)
    return thrownBy(functionOf()((db) => db.query("insert into notes (note) values ('x')"))).finally(() =>
      server.setReadOnly(false),
    )
  },
  'a query within its own transaction': () =>
    thrownBy(functionOf()((db) => db.transaction(() => db.query('select 1')))),
  'a transaction that is over': () =>
    thrownBy(
      functionOf()(async (db) => {
        const tx = await db.transaction((tx) => tx)
        await tx.query('select 1')
      }),
    ),
  'BEGIN as a query': () => thrownBy(functionOf()((db) => db.query('begin'))),
  'COMMIT within a transaction': () => thrownBy(functionOf()((db) => db.transaction((tx) => tx.query('commit')))),
  'CREATE within a transaction': () =>
    thrownBy(functionOf()((db) => db.transaction((tx) => tx.query('create table t (id int)')))),
  'CREATE in a procedure within a transaction': () =>
    thrownBy(functionOf()((db) => db.transaction((tx) => tx.query('call app.hidden()')))),
  'used after it was released': () =>
    thrownBy(
      functionOf()(async (db) => {
        const connection = await db.pool.promise().getConnection()
        connection.release()
        await connection.query('select 1')
      }),
    ),
  'another user': () =>
    thrownBy(
      functionOf()(async (db) => {
        const connection = await db.pool.promise().getConnection()
        await connection.changeUser({ user: 'other' }).finally(() => connection.release())
      }),
    ),
  'the deadline': () => thrownBy(functionOf()((db) => db.query('select sleep(30)'), 400)),
  'what pins': () => thrownBy(functionOf({ pinning: 'refuse' })((db) => db.query('lock tables notes write'))),
  'what prepares': () => thrownBy(functionOf({ pinning: 'refuse' })((db) => db.execute('select 1'))),
  'the database’s own': () => thrownBy(functionOf()(async (db) => insert('once')(db).then(() => insert('once')(db)))),
}

test('every error names the resource and what to do, and no password', async () => {
  const lines: string[] = []
  for (const [name, make] of Object.entries(table)) {
    const thrown = await make().catch((error) => {
      throw new Error(name, { cause: error })
    })
    const message = thrown.message.replaceAll(String(server.port), 'PORT').replace(/within \d+ ms/, 'within N ms')
    lines.push(`${name} → ${thrown.name}${thrown.code ? ` (${thrown.code})` : ''}\n  ${message}\n`)
    expect(inspect(thrown, { depth: 10, showHidden: true }), name).not.toMatch(/correct horse|app-password/)
  }
  await expect(lines.join('\n')).toMatchFileSnapshot('../../test/mysql-errors.txt')
}, 60_000)

const mistakes: readonly [object, RegExp][] = [
  [{ hots: 'x' }, /^mysql\(\): there is no option `hots`: did you mean `host`\?$/],
  [{ credentials: undefined }, /^mysql\(\): give `credentials`/],
  [{ credentials: 'mysql://app:secret@host' }, /^mysql\(\): give `credentials`/],
  [{ tls: { rejectUnauthorized: false } }, /^mysql\(\): tls: there is no option `rejectUnauthorized`/],
  [{ driver: { multipleStatements: true } }, /^mysql\(\): driver: there is no option `multipleStatements`/],
  [{ driver: { flags: [] } }, /^mysql\(\): driver: there is no option `flags`/],
  [{ connect: 'eager' }, /`connect` must be 'lazy' or 'init'$/],
  [{ pinning: 'never' }, /`pinning` must be 'allow', 'warn' or 'refuse'$/],
]
test.each(mistakes)('%o is refused where it is given', (options, message) => {
  expect(() => mysql({ credentials: { user: 'app', password: 'x' }, ...options } as MySqlOptions)).toThrow(message)
})
