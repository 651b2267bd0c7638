import { lambda, renew } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { clock, service } from '../test/service.ts'
import { extension, https, powertools, type SecretsOptions, secret, secrets, type Transport } from './index.ts'
import { sdk } from './sdk.ts'

const it = service()
const { create, called } = it
const User = z.object({ password: z.string().min(1) })

/** A database that knows its password, and a function that connects to it; once more after a refusal. */
const rotating = (options: SecretsOptions<'secrets'> = {}) => {
  const id = create({ password: 'one' })
  const database = { password: 'one', refused: 0 }
  const connect = ({ password }: { password: string }) => {
    if (password === database.password) return password
    database.refused++
    throw new Error('password authentication failed')
  }
  const handler = lambda()
    .use(secrets({ user: secret(id, User) }, options))
    .handle(async ({ secrets }) => {
      try {
        return connect(secrets.user)
      } catch {
        return connect(await renew(() => secrets.user))
      }
    })
  return { id, database, invoke: () => handler({}, fakeContext()) }
}

const transports: Readonly<Record<string, () => Promise<Transport>>> = {
  'https()': async () => https(),
  'sdk()': async () => sdk(),
  'extension()': async () => extension(),
  'extension() with another for what it cannot': async () => extension({ otherwise: https() }),
  'powertools()': async () => {
    const { SecretsProvider } = await import('@aws-lambda-powertools/parameters/secrets')
    return powertools(new SecretsProvider())
  },
}

describe.each(Object.entries(transports))('by %s', (_, make) => {
  test('a password that was rotated between two invocations is fetched by the one that meets it', async () => {
    const { id, database, invoke } = rotating({ transport: await make() })
    await invoke()
    database.password = 'two'
    it.aws.secrets.put(id, { password: 'two' })
    expect([await invoke(), await invoke()]).toEqual(['two', 'two'])
    expect(database.refused).toBe(1)
    expect(called()).toHaveLength(2)
  })

  test('one that a rotation has set in the database, and not yet made current, is found as pending', async () => {
    const { id, database, invoke } = rotating({ transport: await make() })
    await invoke()
    it.aws.secrets.put(id, { password: 'two' }, ['AWSPENDING'])
    database.password = 'two'
    expect([await invoke(), await invoke()]).toEqual(['two', 'two'])
    expect(database.refused).toBe(1)
    expect(called()).toHaveLength(3)
  })

  test('a pending one that the database does not know yet is given up for the current one', async () => {
    const pass = clock()
    const { id, invoke, database } = rotating({ transport: await make() })
    await invoke()
    it.aws.secrets.put(id, { password: 'two' }, ['AWSPENDING'])
    database.password = 'three'
    await expect(invoke()).rejects.toThrow('authentication failed')
    database.password = 'one'
    pass(1500)
    expect(await invoke()).toBe('one')
  })
})

test('what the extension keeps is gone round, where there is another way', async () => {
  it.aws.extension.ttl = 300
  const { id, database, invoke } = rotating({ transport: extension({ otherwise: https() }) })
  await invoke()
  database.password = 'two'
  it.aws.secrets.put(id, { password: 'two' })
  expect(await invoke()).toBe('two')
  const alone = rotating({ transport: extension() })
  await alone.invoke()
  alone.database.password = 'two'
  it.aws.secrets.put(alone.id, { password: 'two' })
  await expect(alone.invoke()).rejects.toThrow('authentication failed')
})

test('a rotation in the middle of an invocation', async () => {
  const id = create({ password: 'one' })
  const seen = await lambda()
    .use(secrets({ user: secret(id, User) }))
    .handle(async ({ secrets }) => {
      const before = secrets.user
      it.aws.secrets.put(id, { password: 'two' })
      const cached = secrets.user
      const after = await renew(() => secrets.user)
      return [before, cached, after, secrets.user].map(({ password }) => password)
    })({}, fakeContext())
  expect(seen).toEqual(['one', 'one', 'two', 'two'])
})

test.each([
  ['is not there', () => {}],
  ['is no JSON yet', (id: string) => it.aws.secrets.put(id, 'two', ['AWSPENDING'])],
  ['does not fit', (id: string) => it.aws.secrets.put(id, { password: '' }, ['AWSPENDING'])],
  [
    'may not be read',
    () => it.aws.fail(({ input }) => 'VersionStage' in (input as object), { error: 'AccessDeniedException' }),
  ],
])('where the pending one %s, what is current stays', async (_, set) => {
  const { id, database, invoke } = rotating()
  await invoke()
  database.password = 'two'
  set(id)
  await expect(invoke()).rejects.toThrow('authentication failed')
  database.password = 'one'
  expect(await invoke()).toBe('one')
})

test.each([{ stage: 'AWSPREVIOUS' }, { version: 'fixed' }])('%j has nothing pending', async (which) => {
  const get = vi.fn(async () => ({ version: '1', text: 'v' }))
  await lambda()
    .use(secrets({ a: secret('id', which) }, { transport: { get } }))
    .handle(({ secrets }) => renew(() => secrets.a))({}, fakeContext())
  expect(get).toHaveBeenCalledTimes(2)
})

test('of many invocations that meet the old password one fetches the new one', async () => {
  const { id, database, invoke } = rotating()
  await invoke()
  called()
  database.password = 'two'
  it.aws.secrets.put(id, { password: 'two' })
  expect(new Set(await Promise.all(Array.from({ length: 50 }, invoke)))).toEqual(new Set(['two']))
  expect(called()).toHaveLength(1)
})

test('in a batch too, though the renewal is alone', async () => {
  const id = create('one')
  const seen = await lambda()
    .use(secrets({ a: secret(id), b: secret(create('b')) }, { batch: true }))
    .handle(async ({ secrets }) => {
      it.aws.secrets.put(id, 'two', ['AWSPENDING'])
      return [await renew(() => secrets.a), secrets.b]
    })({}, fakeContext())
  expect(seen).toEqual(['two', 'b'])
  expect(called()).toEqual(['BatchGetSecretValue', 'GetSecretValue', 'GetSecretValue'])
})

test('a lazy secret is renewed too', async () => {
  const id = create('one')
  const seen = await lambda()
    .use(secrets({ rare: secret(id, { lazy: true }) }))
    .handle(async ({ secrets }) => {
      const before = await secrets.rare()
      it.aws.secrets.put(id, 'two')
      return [before, await secrets.rare(), await renew(() => secrets.rare())]
    })({}, fakeContext())
  expect(seen).toEqual(['one', 'one', 'two'])
})

test('without a consumer that complains a rotation is seen within the time to live', async () => {
  const pass = clock()
  const id = create('one')
  const handler = lambda()
    .use(secrets({ a: secret(id) }, { ttl: 60_000 }))
    .handle(({ secrets }) => secrets.a)
  const invoke = () => handler({}, fakeContext())
  await invoke()
  it.aws.secrets.put(id, 'two')
  let waited = 0
  while ((await invoke()) === 'one') {
    pass(500)
    waited += 500
  }
  expect(waited).toBeGreaterThanOrEqual(45_000)
  expect(waited).toBeLessThanOrEqual(60_000)
})
