import { Redis as RedisClient } from 'ioredis'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../authority.ts'
import { type MariaDb, startMariaDb } from '../mariadb.ts'
import { type PgBouncer, startPgBouncer } from '../pgbouncer.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { type Redis, startRedis } from '../redis.ts'
import { startTokenProxy, type TokenProxy, type TokenProxyOptions } from './token-proxy.ts'

let postgres: Postgres
let pgbouncer: PgBouncer
let mariadb: MariaDb
let redis: Redis

beforeAll(async () => {
  ;[postgres, mariadb, redis] = await Promise.all([startPostgres(), startMariaDb(), startRedis()])
  pgbouncer = await startPgBouncer({ to: postgres })
})

afterAll(() => Promise.all([pgbouncer, postgres, mariadb, redis].map((server) => server.close())))

// As long as a token with the session token of a role in it.
const token = (user: string) => `for ${user}: ${'long '.repeat(400)}`
const verify: TokenProxyOptions['verify'] = (given, user) => given === token(user) || 'the token has expired'

async function viaPostgres({ host, port, ca, user, database }: TokenProxy, password = token(user)) {
  const client = new pg.Client({ host, port, user, password, database, ssl: { ca } })
  client.on('error', () => {})
  await client.connect()
  return client
}

function viaMysql({ host, port, ca, user, database }: TokenProxy, password = token(user)) {
  const ssl = { ca }
  return mysql.createConnection({ host, port, user, password, database, ssl, enableCleartextPlugin: true })
}

async function viaRedis({ host, port, ca, user }: TokenProxy, password = token(user)) {
  const client = new RedisClient({ host, port, password, tls: { ca }, lazyConnect: true, retryStrategy: () => null })
  let fault: Error | undefined
  client.on('error', (error) => (fault = error))
  await client.connect().catch((error) => {
    throw fault ?? error
  })
  return client
}

test.each(['PostgreSQL', 'PgBouncer'])(
  'a token lets a client through to %s, where many share few connections',
  async (name) => {
    const proxy = await startTokenProxy({ to: name === 'PgBouncer' ? pgbouncer : postgres, verify })
    const clients = await Promise.all(Array.from({ length: 10 }, () => viaPostgres(proxy)))
    const answers = await Promise.all(clients.map((client) => client.query('select current_user as who')))
    expect(answers.map(({ rows }) => rows[0].who)).toEqual(Array(10).fill('app'))
    expect(await postgres.sessions('app')).toBeLessThanOrEqual(name === 'PgBouncer' ? 3 : 10)
    const big = await clients[0]!.query('select repeat($1, 1000000) as big', ['x'])
    expect(big.rows[0].big).toHaveLength(1_000_000)
    expect([proxy.connections(), proxy.admitted(), proxy.refusals()]).toEqual([10, 10, []])
    await Promise.all(clients.map((client) => client.end()))
    await proxy.close()
  },
)

test('a token lets a client through to MariaDB', async () => {
  const proxy = await startTokenProxy({ to: mariadb, verify })
  const client = await viaMysql(proxy)
  const [rows] = await client.query<RowDataPacket[]>(
    `select current_user() as who, database() as d, connection_id() as id, repeat('x', 1000000) as big`,
  )
  expect(rows).toMatchObject([{ who: 'app@%', d: 'app', id: client.threadId }])
  expect(rows[0]!.big).toHaveLength(1_000_000)
  const [prepared] = await client.execute('select ? as one', [1])
  expect(prepared).toEqual([{ one: 1 }])
  expect([proxy.connections(), proxy.admitted()]).toEqual([1, 1])
  await client.end()
  await proxy.close()
})

test('a token lets a client through to Redis', async () => {
  const proxy = await startTokenProxy({ to: redis, verify })
  const client = await viaRedis(proxy)
  expect(await client.set('key', 'x'.repeat(1_000_000))).toBe('OK')
  expect(await client.get('key')).toHaveLength(1_000_000)
  expect(proxy.admitted()).toBe(1)
  client.disconnect()
  await proxy.close()
})

test('a token that is not accepted is refused in the words of the service', async () => {
  const proxies = await Promise.all([pgbouncer, mariadb, redis].map((to) => startTokenProxy({ to, verify })))
  const [forPostgres, forMysql, forRedis] = proxies as [TokenProxy, TokenProxy, TokenProxy]
  await expect(viaPostgres(forPostgres, 'old')).rejects.toMatchObject({
    severity: 'FATAL',
    code: '28000',
    message: 'PAM authentication failed for user "app"',
  })
  await expect(viaMysql(forMysql, 'old')).rejects.toMatchObject({ errno: 1045, sqlState: '28000' })
  await expect(viaRedis(forRedis, 'old')).rejects.toThrow('WRONGPASS')
  for (const proxy of proxies) {
    expect(proxy.refusals()).toEqual(['the token has expired'])
    expect(proxy.admitted()).toBe(0)
    await proxy.close()
  }
})

test('no client is let in without TLS, and none asked for its token', async () => {
  const tokens: string[] = []
  const take = (given: string) => tokens.push(given) > 0
  const [forPostgres, forMysql] = await Promise.all(
    [pgbouncer, mariadb].map((to) => startTokenProxy({ to, verify: take })),
  )
  const plain = new pg.Client({ ...forPostgres!, password: 'a token', ssl: false })
  await expect(plain.connect()).rejects.toThrow('This RDS Proxy requires TLS connections')
  const { host, port, user } = forMysql!
  const unsafe = mysql.createConnection({ host, port, user, password: 'a token', enableCleartextPlugin: true })
  await expect(unsafe).rejects.toMatchObject({ errno: 3159 })
  expect(tokens).toEqual([])
  await Promise.all([forPostgres!.close(), forMysql!.close()])
})

test('a client refuses a certificate for another host, one that has expired, and one that signs itself', async () => {
  const authority = await createAuthority()
  const codes = await Promise.all(
    [{ names: ['elsewhere.test'] }, { expired: true }, { selfSigned: true }, {}].map(async (issue) => {
      const proxy = await startTokenProxy({ to: pgbouncer, verify, certificate: await authority.issue(issue) })
      const code = await viaPostgres({ ...proxy, ca: authority.ca }).then(
        (client) => client.end().then(() => 'none'),
        (error) => error.code,
      )
      await proxy.close()
      return code
    }),
  )
  const expected = ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'none']
  expect(codes).toEqual(expected)
})

test('connections are cut', async () => {
  const proxy = await startTokenProxy({ to: postgres, verify })
  const client = await viaPostgres(proxy)
  const answer = client.query('select pg_sleep(60)')
  proxy.dropAll()
  await expect(answer).rejects.toThrow(/terminated|ECONNRESET/)
  await (await viaPostgres(proxy)).end()
  await proxy.close()
})

test('bytes are held back, and let go', async () => {
  const proxy = await startTokenProxy({ to: mariadb, verify })
  const client = await viaMysql(proxy)
  proxy.stall()
  let answered = false
  const answer = client.query('select 1 as one').then(([rows]) => {
    answered = true
    return rows
  })
  const late = viaMysql(proxy)
  // Another way to the same server answers meanwhile.
  await mariadb.query('select 1')
  expect(answered).toBe(false)
  proxy.resume()
  expect(await answer).toEqual([{ one: 1 }])
  await client.end()
  await (await late).end()
  await proxy.close()
})

test('a server behind the proxy that is away is reported, and found again', async () => {
  const proxy = await startTokenProxy({ to: pgbouncer, verify })
  await pgbouncer.kill()
  await expect(viaPostgres(proxy)).rejects.toMatchObject({ code: '08006' })
  await pgbouncer.start()
  await (await viaPostgres(proxy)).end()
  await proxy.close()
})

test('a password that was changed behind the proxy is no matter of its clients', async () => {
  const proxy = await startTokenProxy({ to: pgbouncer, verify })
  await pgbouncer.setPassword('app', 'another')
  await (await viaPostgres(proxy)).end()
  await proxy.close()
})
