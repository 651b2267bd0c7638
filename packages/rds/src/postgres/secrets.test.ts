import { lambda } from '@fnware/core'
import { secret, secrets } from '@fnware/secrets'
import { fakeContext } from '@fnware/testing'
import { type Aws, startAws } from 'test-aws'
import { type Postgres as Server, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import * as z from 'zod'
import { thrownBy } from '../../test/kit.ts'
import { postgres } from '../postgres.ts'

const Database = z.object({
  username: z.string(),
  password: z.string(),
  host: z.string(),
  port: z.number(),
  dbname: z.string(),
})
let aws: Aws
let server: Server

beforeAll(async () => {
  aws = await startAws()
  server = await startPostgres({ users: { app: 'first password' } })
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws?.close()
  await server?.close()
})

/** As RDS writes its own. */
const as = (password: string) => {
  const { host, port, database } = server
  return JSON.stringify({ engine: 'postgres', username: 'app', password, host, port, dbname: database })
}

test('a rotation by Secrets Manager, at each of its steps', async () => {
  aws.secrets.create('prod/db', as('first password'))
  const handler = lambda()
    .use(secrets({ database: secret('prod/db', Database) }))
    .use(postgres({ tls: { ca: server.ca }, credentials: ({ secrets }) => secrets.database }))
    .handle(async ({ db }) => {
      const { rows } = await db.query('select current_user as who')
      return [rows[0]?.who, db.health.opened]
    })
  onTestFinished(() => handler.dispose())
  const invoke = () => handler({}, fakeContext())
  const calls = () => aws.calls.splice(0).length
  expect(await invoke()).toEqual(['app', 1])
  expect(calls()).toBe(1)

  // createSecret: the new version is pending.
  aws.secrets.put('prod/db', as('second password'), ['AWSPENDING'])
  expect(await invoke()).toEqual(['app', 1])
  expect(calls()).toBe(0)

  // setSecret: the database has the new password, and the current version is still the old one.
  await server.setPassword('app', 'second password')
  expect(await invoke()).toEqual(['app', 1])
  await server.terminate('app')
  expect(await invoke()).toEqual(['app', 2])
  expect(calls()).toBe(2)

  // finishSecret: it becomes the current one. Nothing is wrong, and nothing is fetched.
  await server.terminate('app')
  expect(await invoke()).toEqual(['app', 3])
  expect(calls()).toBe(0)
})

test('a secret that only some invocations need is fetched by the first connect', async () => {
  aws.secrets.create('rare/db', as(server.passwords.get('app') as string))
  const handler = lambda<boolean>()
    .use(secrets({ database: secret('rare/db', Database, { lazy: true }) }))
    .use(postgres({ tls: { ca: server.ca }, credentials: ({ secrets }) => secrets.database() }))
    .handle(async ({ event, db }) => event && (await db.query('select 1')).rowCount)
  onTestFinished(() => handler.dispose())
  aws.calls.length = 0
  expect(await handler(false, fakeContext())).toBe(false)
  expect(aws.calls).toHaveLength(0)
  expect(await handler(true, fakeContext())).toBe(1)
  expect(aws.calls).toHaveLength(1)
})

test('what Secrets Manager refuses is said by the error, with the id and no value', async () => {
  const handler = lambda()
    .use(secrets({ database: secret('missing/db', Database, { lazy: true }) }))
    .use(postgres({ tls: { ca: server.ca }, credentials: ({ secrets }) => secrets.database() }))
    .handle(({ db }) => db.query('select 1'))
  const error = await thrownBy(handler({}, fakeContext()))
  expect(error.name).toBe('CredentialsError')
  expect(error.message).toMatch(/^`db`: what `credentials` reads could not be had: .*missing\/db/)
})
