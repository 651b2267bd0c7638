import mysql from 'mysql2/promise'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority } from './authority.ts'
import { type MariaDb, startMariaDb } from './mariadb.ts'

let mariadb: MariaDb

beforeAll(async () => {
  mariadb = await startMariaDb({ users: { app: 'one', other: 'two' } })
  await mariadb.query('create table notes (note text)')
})

afterAll(() => mariadb.close())

async function connect({ host, port, ca, user, password, database } = mariadb as Omit<MariaDb, 'query'>) {
  const connection = await mysql.createConnection({ host, port, user, password, database, ssl: { ca } })
  connection.on('error', () => {})
  return connection
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

test('clients speak TLS, and only TLS', async () => {
  const client = await connect()
  const [rows] = await client.query(`show status like 'Ssl_cipher'`)
  expect(rows).toMatchObject([{ Value: expect.stringMatching(/./) }])
  await client.end()
  const { host, port, user, password } = mariadb
  expect(await code(mysql.createConnection({ host, port, user, password }))).toBe('ER_ACCESS_DENIED_ERROR')
})

test('a certificate of an authority that the client does not know is refused by it', async () => {
  const { ca } = await createAuthority()
  expect(await code(connect({ ...mariadb, ca }))).toBe('HANDSHAKE_SSL_ERROR')
})

test('a password that is changed refuses the old one and leaves sessions alone', async () => {
  const other = { ...mariadb, user: 'other', password: 'two' }
  const before = await connect(other)
  await mariadb.setPassword('other', 'three')
  expect(await code(connect(other))).toBe('ER_ACCESS_DENIED_ERROR')
  await before.query('select 1')
  await before.end()
  await (await connect({ ...other, password: mariadb.passwords.get('other')! })).end()
})

test('a read-only server refuses writes, also on sessions that were open', async () => {
  const client = await connect()
  const write = () => code(client.query(`insert into notes values ('a note')`))
  expect(await write()).toBe('none')
  await mariadb.setReadOnly(true)
  expect(await write()).toBe('ER_OPTION_PREVENTS_STATEMENT')
  await mariadb.query(`insert into notes values ('of the superuser')`)
  await mariadb.setReadOnly(false)
  expect(await write()).toBe('none')
  await client.end()
})

test('sessions are counted, and ended as an administrator does', async () => {
  const client = await connect()
  expect(await mariadb.sessions('app')).toBe(1)
  expect(await mariadb.sessions('other')).toBe(0)
  const ended = code(client.query('select sleep(60)'))
  expect(await mariadb.terminate('app')).toBe(1)
  expect(['ER_CONNECTION_KILLED', 'ECONNRESET', 'PROTOCOL_CONNECTION_LOST']).toContain(await ended)
  expect(await mariadb.sessions('app')).toBe(0)
})

test('a server that is killed is gone at once, and comes back with its data at the same address', async () => {
  await mariadb.query(`create table kept as select 'kept' as what`)
  const client = await connect()
  const lost = code(client.query('select sleep(60)'))
  await mariadb.kill()
  expect(['ECONNRESET', 'PROTOCOL_CONNECTION_LOST']).toContain(await lost)
  expect(await code(connect())).toBe('ECONNREFUSED')
  await mariadb.start()
  expect(await mariadb.query('select what from kept')).toEqual([{ what: 'kept' }])
})

test('a server that is stopped comes back at the same address', async () => {
  await mariadb.stop()
  expect(await code(connect())).toBe('ECONNREFUSED')
  await mariadb.start()
  await (await connect()).end()
})

test('a server that is paused answers when it is resumed', async () => {
  const client = await connect()
  await mariadb.pause()
  let answered = false
  const answer = client.query('select 1 as one').then(([rows]) => {
    answered = true
    return rows
  })
  const { host, port, user, password } = mariadb
  expect(await code(mysql.createConnection({ host, port, user, password, connectTimeout: 300 }))).toBe('ETIMEDOUT')
  expect(answered).toBe(false)
  await mariadb.resume()
  expect(await answer).toEqual([{ one: 1 }])
  await client.end()
})
