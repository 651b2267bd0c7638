import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type Secret, secretsBy, thrownBy, to } from '../../test/kit.ts'
import { postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer

beforeAll(async () => {
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server })
})
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})
beforeEach(() => proxy.setPassword('app', 'first'))

/** Secrets Manager's versions of one secret, as a rotation moves them. */
const vault = () => {
  const it = { current: 'first', pending: undefined as string | undefined, fetches: 0, isDown: false }
  const secrets = secretsBy(async (_, wrong) => {
    it.fetches++
    if (it.isDown) throw new Error('the service is down')
    const isWrong = wrong?.value.password === it.current
    return { username: 'app', password: isWrong && it.pending ? it.pending : it.current }
  })
  return { it, secrets }
}

const through = (address: Server | PgBouncer, secrets: ReturnType<typeof vault>['secrets']) => {
  const handler = lambda<() => Promise<unknown>>()
    .use(secrets)
    .use(postgres({ ...to(address), credentials: ({ secrets }) => secrets.database }))
    .handle(async ({ event, db }) => {
      await db.query('select 1')
      await event?.()
      const { rows } = await db.query('select current_user as who')
      return { who: rows[0]?.who, opened: db.health.opened }
    })
  onTestFinished(() => handler.dispose())
  return handler
}
const nothing = async () => {}
const lose = async () => {
  await server.terminate('app')
}

const addresses = [
  ['PostgreSQL', () => server],
  ['PgBouncer', () => proxy],
] as const

test.each(addresses)('a password that is rotated between two invocations is fetched anew: %s', async (_, address) => {
  const { it, secrets } = vault()
  const handler = through(address(), secrets)
  expect(await handler(nothing, fakeContext())).toEqual({ who: 'app', opened: 1 })
  await proxy.setPassword('app', 'second')
  it.current = 'second'
  await lose()
  if (address() === proxy) await proxy.kill().then(proxy.start)
  expect(await handler(nothing, fakeContext())).toEqual({ who: 'app', opened: 2 })
  expect(it.fetches).toBe(2)
})

test.each(addresses)('a password that is rotated during an invocation, too: %s', async (_, address) => {
  const { it, secrets } = vault()
  const handler = through(address(), secrets)
  const rotate = async () => {
    await proxy.setPassword('app', 'second')
    it.current = 'second'
    await lose()
    if (address() === proxy) await proxy.kill().then(proxy.start)
    // Idle for long enough to be looked at.
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  expect(await handler(rotate, fakeContext())).toEqual({ who: 'app', opened: 2 })
  expect(it.fetches).toBe(2)
})

test('a password that the database has already, and Secrets Manager as AWSPENDING, is found', async () => {
  const { it, secrets } = vault()
  const handler = through(server, secrets)
  await handler(nothing, fakeContext())
  it.pending = 'third'
  await server.setPassword('app', 'third')
  await lose()
  expect(await handler(nothing, fakeContext())).toEqual({ who: 'app', opened: 2 })
})

test('a connect that was refused late goes by what another has had renewed, and does not call that wrong', async () => {
  let wrongs = 0
  let holds = false
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const secrets = secretsBy(async (_, wrong) => {
    if (wrong) wrongs++
    return { username: 'app', password: wrong ? 'pending' : 'first' }
  })
  const handler = lambda()
    .use(secrets)
    .use(
      postgres({
        ...to(server),
        max: 2,
        credentials: async ({ secrets }) => {
          const { database } = secrets
          if (holds) {
            holds = false
            await held
          }
          return database
        },
      }),
    )
    .handle(async ({ db }) => (await db.query('select 1')).rowCount)
  onTestFinished(() => handler.dispose())
  await handler.ready()
  await server.setPassword('app', 'pending')
  holds = true
  // It has read the old password, and connects by it when the other has long had the new one.
  const late = handler({}, fakeContext())
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await handler({}, fakeContext())).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  release()
  expect(await late).toBe(1)
  expect(wrongs).toBe(1)
})

test('connections that are open go on while the secret cannot be fetched, and new ones by the last that was good', async () => {
  const { it, secrets } = vault()
  const handler = through(server, secrets)
  await handler(nothing, fakeContext())
  it.isDown = true
  expect(await handler(nothing, fakeContext())).toEqual({ who: 'app', opened: 1 })
  await lose()
  expect(await handler(nothing, fakeContext())).toEqual({ who: 'app', opened: 2 })
})

test('rotated while the secret cannot be fetched, the error names the resource, and no password', async () => {
  const { it, secrets } = vault()
  const handler = through(server, secrets)
  await handler(nothing, fakeContext())
  it.isDown = true
  await server.setPassword('app', 'second')
  await lose()
  const error = await thrownBy(handler(nothing, fakeContext()))
  expect(error.name).toBe('CredentialsError')
  expect(error.message).toBe('`db`: what `credentials` reads could not be had: the service is down')
  it.isDown = false
  it.current = 'second'
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(await handler(nothing, fakeContext())).toMatchObject({ who: 'app' })
})

test('a password that stays wrong is tried twice, and the error shows no value', async () => {
  const { it, secrets } = vault()
  it.current = 'never the password'
  const error = await thrownBy(through(server, secrets)(nothing, fakeContext()))
  expect(error).toMatchObject({ name: 'ConnectError', code: '28P01' })
  expect(error.message).toMatch(/^`db`: could not connect to 127\.0\.0\.1:\d+ as "app": .*does the secret hold/i)
  expect(error.message).not.toContain('never the password')
  expect(it.fetches).toBe(2)
})

const wrong: readonly [string, unknown, RegExp][] = [
  ['nothing', undefined, /have no user/],
  ['a text', 'postgres://app:secret@host', /have no user/],
  ['no password', { username: 'app' }, /have no password/],
  ['an empty password', { username: 'app', password: '' }, /have no password/],
  ['a port that is none', { username: 'app', password: 'secret', port: 'x' }, /port must be/],
]
test.each(wrong)('credentials that are %s are refused, and not shown', async (_, credentials, message) => {
  const { port: __, ...rest } = to(server)
  const handler = lambda()
    .use(postgres({ ...rest, credentials: async () => credentials as Secret }))
    .handle(({ db }) => db.query('select 1'))
  const error = await thrownBy(handler({}, fakeContext()))
  expect(error.name).toBe('CredentialsError')
  expect(error.message).toMatch(message)
  expect(error.message).not.toContain('secret')
})

test('what options leave open is the secret’s, in RDS’s own words', async () => {
  const { host, port, database, user, ca } = server
  const handler = lambda()
    .use(
      postgres({
        tls: { ca },
        credentials: { username: user, password: 'first', host, port: String(port), dbname: database },
      }),
    )
    .handle(async ({ db }) => (await db.query('select current_database() as it')).rows[0]?.it)
  expect(await handler({}, fakeContext())).toBe('app')
  await handler.dispose()
})

test('a host that is given without a value is no reason to go to the secret’s', async () => {
  const { host, port, user, password } = server
  const handler = lambda()
    .use(postgres({ host: process.env.NO_SUCH_VARIABLE, credentials: { user, password, host, port } }))
    .handle(({ db }) => db.query('select 1'))
  expect((await thrownBy(handler({}, fakeContext()))).message).toMatch(/is its environment variable set\?/)
})
