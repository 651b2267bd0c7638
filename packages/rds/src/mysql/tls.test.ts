import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { RowDataPacket } from 'mysql2'
import { type Address, createAuthority, type MariaDb, startMariaDb, startTokenProxy, testAuthority } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { rdsCa } from '../ca.ts'
import { iam } from '../index.ts'
import { mysql } from '../mysql.ts'

let server: MariaDb
let plain: MariaDb
const ports: Record<string, number> = {}
const shown: string[] = []
const closing: { close(): Promise<void> }[] = []

beforeAll(async () => {
  const [authority, other] = await Promise.all([testAuthority(), createAuthority()])
  ;[server, plain] = await Promise.all([startMariaDb(), startMariaDb({ tls: false })])
  closing.push(server, plain)
  const certificates = {
    sound: await authority.issue(),
    'of another host': await authority.issue({ names: ['db.example.com'] }),
    'of another authority': await other.issue(),
    expired: await authority.issue({ expired: true }),
    'signed by itself': await authority.issue({ selfSigned: true }),
  }
  // Each in front of the one server: what is sent to it is what would have been sent to a stranger.
  for (const [name, certificate] of Object.entries(certificates)) {
    const proxy = await startTokenProxy({ to: server, certificate, verify: (token) => shown.push(token) > 0 })
    closing.unshift(proxy)
    ports[name] = proxy.port
  }
})
afterAll(async () => {
  for (const it of closing) await it.close()
})

const credentials = iam({ user: 'app', signer: { getAuthToken: async () => 'token' } })
const cipher = async (address: Address, options: object = {}) => {
  const handler = lambda()
    .use(mysql({ ...to(address), ...options }))
    .handle(async ({ db }) => (await db.query<RowDataPacket[]>("show status like 'Ssl_version'"))[0][0]?.Value)
  try {
    return await handler({}, fakeContext())
  } finally {
    await handler.dispose()
  }
}
const at = (name: string, options: object = {}) => cipher(server, { port: ports[name], credentials, ...options })

test('it is on, and verified', async () => {
  expect(await cipher(server)).toBe('TLSv1.3')
  expect(await cipher(server, { host: 'localhost' })).toBe('TLSv1.3')
  expect(await at('sound')).toBe('TLSv1.3')
})

const wrong = [
  ['of another host', {}, /another host's: connect to the name that it has/],
  ['of another authority', {}, /an authority that Node does not know.*tls: \{ ca: rdsCa \}/],
  ['signed by itself', {}, /an authority that Node does not know/],
  ['expired', {}, /not good at this time: rotate it/],
  ['sound', { tls: undefined }, /an authority that Node does not know/],
  ['sound', { tls: { ca: rdsCa } }, /an authority that Node does not know/],
] as const

test.each(wrong)('a certificate that is %s is refused (%o), and no token is sent', async (name, options, message) => {
  shown.length = 0
  for (const host of ['127.0.0.1', 'localhost']) {
    const error = await thrownBy(at(name, { host, ...options }))
    expect(error.name).toBe('ConnectError')
    expect(error.message).toMatch(message)
  }
  expect(shown).toEqual([])
})

test('a name may be given that is not the host’s, behind a tunnel', async () => {
  const tls = { ca: server.ca, servername: 'db.example.com' }
  expect(await at('of another host', { tls })).toBe('TLSv1.3')
  expect((await thrownBy(at('sound', { tls }))).message).toMatch(/another host's/)
})

test('a server without is refused, unless it is said', async () => {
  expect((await thrownBy(cipher(plain))).message).toMatch(
    /does not support secure connection: TLS is on by default\. On your own machine/,
  )
  expect(await cipher(plain, { tls: false })).toBe('')
})

test('authorities are added to those that Node knows', async () => {
  expect(await at('sound', { tls: { ca: [...rdsCa, server.ca] } })).toBe('TLSv1.3')
})
