import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import {
  createAuthority,
  type PgBouncer,
  type Postgres as Server,
  startPgBouncer,
  startPostgres,
  testAuthority,
} from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { rdsCa } from '../ca.ts'
import { iam } from '../index.ts'
import { postgres } from '../postgres.ts'

const servers: Record<string, Server | PgBouncer> = {}

beforeAll(async () => {
  const [authority, other, sound, none] = await Promise.all([
    testAuthority(),
    createAuthority(),
    startPostgres(),
    startPostgres({ tls: false }),
  ])
  Object.assign(servers, { sound, none })
  const certificates = {
    'of another host': await authority.issue({ names: ['db.example.com'] }),
    'of another authority': await other.issue(),
    expired: await authority.issue({ expired: true }),
    'signed by itself': await authority.issue({ selfSigned: true }),
  }
  for (const [name, certificate] of Object.entries(certificates))
    servers[name] = await startPgBouncer({ to: sound, certificate })
})
afterAll(async () => {
  for (const server of Object.values(servers).reverse()) await server.close()
})

const sessions = () => (servers.sound as Server).sessions('app')
const query = async (name: string, options: object = {}) => {
  const handler = lambda()
    .use(postgres({ ...to(servers[name]!), ...options }))
    .handle(async ({ db }) => {
      const { rows } = await db.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()')
      return rows[0]
    })
  try {
    return await handler({}, fakeContext())
  } finally {
    await handler.dispose()
  }
}

test('it is on, and verified', async () => {
  expect(await query('sound')).toEqual({ ssl: true, version: 'TLSv1.3' })
  expect(await query('sound', { host: 'localhost' })).toMatchObject({ ssl: true })
})

const wrong = [
  ['of another host', {}, /another host's: connect to the name that it has/],
  ['of another authority', {}, /an authority that Node does not know.*tls: \{ ca: rdsCa \}/],
  ['signed by itself', {}, /an authority that Node does not know/],
  ['expired', {}, /not good at this time: rotate it/],
  ['sound', { tls: undefined }, /an authority that Node does not know/],
  ['sound', { tls: { ca: rdsCa } }, /an authority that Node does not know/],
  ['none', {}, /does not support SSL connections: TLS is on by default\. On your own machine/],
] as const

test.each(wrong)('a certificate that is %s is refused (%o), and no session begun', async (name, options, message) => {
  const error = await thrownBy(query(name, options))
  expect(error.name).toBe('ConnectError')
  expect(error.message).toMatch(message)
  if (name === 'sound') expect(await sessions()).toBe(0)
})

test('a name may be given that is not the host’s, behind a tunnel', async () => {
  const tls = { ca: servers.sound!.ca, servername: 'db.example.com' }
  expect(await query('of another host', { tls })).toMatchObject({ ssl: true })
  expect((await thrownBy(query('sound', { tls }))).message).toMatch(/another host's/)
})

test('without, where it is said', async () => {
  expect(await query('none', { tls: false })).toEqual({ ssl: false, version: null })
})

test('not for tokens', () => {
  expect(() => postgres({ tls: false, credentials: iam({ user: 'app' }) })).toThrow(/iam\(\) needs TLS/)
})

test('authorities are added to those that Node knows', async () => {
  expect(rdsCa.length).toBeGreaterThan(30)
  expect(rdsCa.every((certificate) => certificate.startsWith('-----BEGIN CERTIFICATE-----'))).toBe(true)
  const ca = [...rdsCa, servers.sound!.ca]
  expect(await query('sound', { tls: { ca } })).toMatchObject({ ssl: true })
})
