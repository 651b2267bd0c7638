import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PgBouncer, startPgBouncer } from './pgbouncer.ts'
import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres
let pgbouncer: PgBouncer

beforeAll(async () => {
  postgres = await startPostgres()
  pgbouncer = await startPgBouncer({ to: postgres })
})

afterAll(async () => {
  await pgbouncer.close()
  await postgres.close()
})

async function connect(password = pgbouncer.password): Promise<pg.Client> {
  const { host, port, ca, user, database } = pgbouncer
  const client = new pg.Client({ host, port, user, password, database, ssl: { ca } })
  client.on('error', () => {})
  await client.connect()
  return client
}

test('60 clients share 3 connections to the server', async () => {
  const clients = await Promise.all(Array.from({ length: 60 }, () => connect()))
  const answers = await Promise.all(clients.map((client) => client.query('select pg_backend_pid() as pid')))
  expect(await pgbouncer.clientConnections()).toBe(60)
  expect(await pgbouncer.serverConnections()).toBeLessThanOrEqual(3)
  expect(new Set(answers.map(({ rows }) => rows[0].pid)).size).toBeLessThanOrEqual(3)
  expect(await postgres.sessions('app')).toBeLessThanOrEqual(3)
  await Promise.all(clients.map((client) => client.end()))
})

test('transactions wait for a connection, and never share one', async () => {
  const clients = await Promise.all(Array.from({ length: 12 }, () => connect()))
  const ids = await Promise.all(
    clients.map(async (client) => {
      await client.query('begin')
      const first = await client.query('select txid_current() as id')
      await client.query('select pg_sleep(0.01)')
      const second = await client.query('select txid_current() as id')
      await client.query('commit')
      return [first.rows[0].id, second.rows[0].id]
    }),
  )
  expect(ids.every(([first, second]) => first === second)).toBe(true)
  expect(new Set(ids.map(([first]) => first)).size).toBe(12)
  await Promise.all(clients.map((client) => client.end()))
})

test('the server is spoken to over TLS', async () => {
  const client = await connect()
  const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  expect(rows).toEqual([{ ssl: true }])
  await client.end()
})

test('a changed password is known here and on the server', async () => {
  const old = pgbouncer.passwords.get('app')!
  await pgbouncer.setPassword('app', 'another')
  await expect(connect(old)).rejects.toThrow(/SASL|password/)
  const client = await connect('another')
  await client.query('select 1')
  await client.end()
  await pgbouncer.setPassword('app', old)
})

test('killed and started again it serves at the same address', async () => {
  const client = await connect()
  const lost = new Promise((resolve) => client.once('error', resolve))
  await pgbouncer.kill()
  await lost
  await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await pgbouncer.start()
  await (await connect()).end()
})

test('a statement waits for a server that was killed until it is started again', async () => {
  const client = await connect()
  await client.query('select 1')
  await postgres.kill()
  const answer = client.query('select 1 as one')
  await postgres.start()
  expect((await answer).rows).toEqual([{ one: 1 }])
  await client.end()
})

test('a statement under way when the server is killed is lost with its connection', async () => {
  const client = await connect()
  const answer = client.query('select pg_sleep(60)')
  while (
    (await postgres.query(`select from pg_stat_activity where query like '%sleep(60)' and usename = 'app'`)).length < 1
  );
  await Promise.all([expect(answer).rejects.toThrow(/server conn crashed|terminated/), postgres.kill()])
  await postgres.start()
})

test('a client that says nothing for too long is thrown out', async () => {
  const impatient = await startPgBouncer({ to: postgres, clientIdleTimeout: 0.1 })
  const { host, port, ca, user, password, database } = impatient
  const client = new pg.Client({ host, port, user, password, database, ssl: { ca } })
  const lost = new Promise<Error>((resolve) => client.on('error', resolve))
  await client.connect()
  expect((await lost).message).toContain('client_idle_timeout')
  await impatient.close()
})
