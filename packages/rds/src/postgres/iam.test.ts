import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { verifyPresigned } from 'test-aws'
import {
  type PgBouncer,
  type Postgres as Server,
  startPgBouncer,
  startPostgres,
  startTokenProxy,
  type TokenProxy,
} from 'test-servers'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { thrownBy } from '../../test/kit.ts'
import { type IamOptions, iam } from '../index.ts'
import { postgres } from '../postgres.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'the key', sessionToken: 'of the session' }
let server: Server
let pgbouncer: PgBouncer
let proxy: TokenProxy

beforeAll(async () => {
  server = await startPostgres()
  pgbouncer = await startPgBouncer({ to: server })
  proxy = await startTokenProxy({
    to: pgbouncer,
    verify: (token, user) => {
      try {
        verifyPresigned(`https://${token}`, { credentials, service: 'rds-db', region: 'eu-west-1' })
        return new URL(`https://${token}`).searchParams.get('DBUser') === user || 'another user'
      } catch (error) {
        return (error as Error).message
      }
    },
  })
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => {
  await proxy?.close()
  await pgbouncer?.close()
  await server?.close()
})

const functionWith = (options: Partial<IamOptions> = {}) => {
  const { host, port, ca, database } = proxy
  const token = iam({ user: 'app', region: 'eu-west-1', credentials, ...options })
  const handler = lambda()
    .use(postgres({ host, port, database, tls: { ca }, credentials: token, idle: 3_600_000 }))
    .handle(async ({ db }) => {
      const { rows } = await db.query('select current_user as who')
      return [rows[0]?.who, db.health.opened]
    })
  onTestFinished(() => handler.dispose())
  return () => handler({}, fakeContext())
}

test('a token is signed at every connect, and long after the first has expired, too', async () => {
  const invoke = functionWith()
  vi.useFakeTimers({ toFake: ['Date'] })
  expect(await invoke()).toEqual(['app', 1])
  vi.setSystemTime(Date.now() + 20 * 60_000)
  // What is connected stays so.
  expect(await invoke()).toEqual(['app', 1])
  proxy.dropAll()
  while (proxy.connections() > 0) await sleep(10)
  vi.setSystemTime(Date.now() + 1_000)
  expect(await invoke()).toEqual(['app', 2])
  expect(proxy.refusals()).toEqual([])
})

test('a token that has expired on its way is made anew, once', async () => {
  const fresh = iam({ user: 'app', region: 'eu-west-1', credentials })
  const tokens: string[] = []
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 20 * 60_000 })
  tokens.push(await fresh.token(proxy))
  vi.useRealTimers()
  tokens.push(await fresh.token(proxy))
  const refused = proxy.refusals().length
  const invoke = functionWith({ signer: { getAuthToken: async () => tokens.shift() as string } })
  expect(await invoke()).toEqual(['app', 1])
  expect(proxy.refusals().slice(refused)).toEqual([expect.stringMatching(/expired/i)])
})

test('a role that may not connect is told so, and no token shown', async () => {
  const invoke = functionWith({ credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'another key' } })
  const error = await thrownBy(invoke())
  expect(error).toMatchObject({ name: 'ConnectError', code: '28000' })
  expect(error.message).toMatch(/may the role do `rds-db:connect` for this user/)
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/X-Amz|AKIDOTHER/)
})

test('without credentials the error says how there are some', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { host, port, ca, database } = proxy
  const handler = lambda()
    .use(postgres({ host, port, database, tls: { ca }, credentials: iam({ user: 'app', region: 'eu-west-1' }) }))
    .handle(({ db }) => db.query('select 1'))
  const error = await thrownBy(handler({}, fakeContext()))
  expect(error.name).toBe('CredentialsError')
  expect(error.message).toMatch(/^`db`: the IAM token could not be made: no credentials to sign with/)
})
