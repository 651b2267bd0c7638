import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Address } from './address.ts'
import { createAuthority } from './authority.ts'
import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres({ users: { app: 'one', other: 'two' } })
  await postgres.query('create table notes (note text)')
  await postgres.query('grant all on notes to app')
})

afterAll(() => postgres.close())

async function connect({ host, port, ca, user, password, database }: Address): Promise<pg.Client> {
  const client = new pg.Client({ host, port, user, password, database, ssl: { ca } })
  client.on('error', () => {})
  await client.connect()
  return client
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

test('clients speak TLS, and only TLS', async () => {
  const client = await connect(postgres)
  const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  await client.end()
  expect(rows).toEqual([{ ssl: true }])
  const { host, port, user, password, database } = postgres
  expect(await code(new pg.Client({ host, port, user, password, database }).connect())).toBe('28000')
})

test('a certificate of an authority that the client does not know is refused by it', async () => {
  const { ca } = await createAuthority()
  await expect(connect({ ...postgres, ca })).rejects.toThrow(/unable to verify|signature/)
})

test('a password that is changed refuses the old one and leaves sessions alone', async () => {
  const other = { ...postgres, user: 'other', password: 'two' }
  const before = await connect(other)
  await postgres.setPassword('other', 'three')
  expect(await code(connect(other))).toBe('28P01')
  await before.query('select 1')
  await before.end()
  await (await connect({ ...other, password: postgres.passwords.get('other')! })).end()
})

test('a read-only server refuses writes with 25006, also on sessions that were open', async () => {
  const client = await connect(postgres)
  const write = () => code(client.query(`insert into notes values ('a note')`))
  expect(await write()).toBe('none')
  await postgres.setReadOnly(true)
  expect(await write()).toBe('25006')
  await postgres.query(`insert into notes values ('of the superuser')`)
  await postgres.setReadOnly(false)
  expect(await write()).toBe('none')
  await client.end()
})

test('sessions are counted, and ended as an administrator does', async () => {
  const client = await connect(postgres)
  expect(await postgres.sessions('app')).toBe(1)
  expect(await postgres.sessions('other')).toBe(0)
  const ended = code(client.query('select pg_sleep(60)'))
  expect(await postgres.terminate('app')).toBe(1)
  expect(await ended).toBe('57P01')
  expect(await postgres.sessions('app')).toBe(0)
})

test('a server that is killed is gone at once, and comes back with its data at the same address', async () => {
  await postgres.query(`create table kept as select 'kept' as what`)
  const client = await connect(postgres)
  const lost = new Promise((resolve) => client.once('error', resolve))
  await postgres.kill()
  await lost
  expect(await code(connect(postgres))).toBe('ECONNREFUSED')
  await postgres.start()
  expect(await postgres.query('select what from kept')).toEqual([{ what: 'kept' }])
})

test('a server that is stopped tells its sessions', async () => {
  const client = await connect(postgres)
  const told = new Promise<{ code?: string }>((resolve) => client.once('error', resolve))
  await postgres.stop()
  expect((await told).code).toBe('57P01')
  await postgres.start()
  await (await connect(postgres)).end()
})

test('a server that is paused answers when it is resumed', async () => {
  const client = await connect(postgres)
  await postgres.pause()
  let answered = false
  const answer = client.query('select 1 as one').then(({ rows }) => {
    answered = true
    return rows
  })
  // The operating system still takes the connection; nobody answers on it.
  const { host, port, user, password, database, ca } = postgres
  const late = new pg.Client({ host, port, user, password, database, ssl: { ca }, connectionTimeoutMillis: 300 })
  await expect(late.connect()).rejects.toThrow(/timeout/)
  expect(answered).toBe(false)
  await postgres.resume()
  expect(await answer).toEqual([{ one: 1 }])
  await client.end()
})

test('a server that is paused is stopped all the same, with its sessions', async () => {
  const client = await connect(postgres)
  await postgres.pause()
  await postgres.stop()
  expect(await code(client.query('select 1'))).not.toBe('none')
  await postgres.start()
})

test('a server that was killed leaves no shared memory when it is closed', async () => {
  const { close, kill, query } = await startPostgres()
  const [row] = await query<{ folder: string }>(`select current_setting('data_directory') as folder`)
  const [, segment] = (await readFile(`${row!.folder}/postmaster.pid`, 'utf8')).split('\n')[6]!.trim().split(/\s+/)
  await kill()
  expect(await segments()).toContain(segment)
  await close()
  expect(await segments()).not.toContain(segment)
})

/** The ids of System V shared memory segments. */
async function segments(): Promise<string[]> {
  const lines = (await readFile('/proc/sysvipc/shm', 'utf8')).trim().split('\n').slice(1)
  return lines.map((line) => line.trim().split(/\s+/)[1]!)
}
