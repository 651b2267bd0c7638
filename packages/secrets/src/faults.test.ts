import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import type { Fault } from 'test-aws'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { clock, service } from '../test/service.ts'
import { type SecretsOptions, secret, secrets } from './index.ts'

const it = service()
const { create, called } = it
const get = 'GetSecretValue'

/** A function that gives its secret. */
const giving = (id: string, options: SecretsOptions<'secrets'> = {}) =>
  lambda()
    .use(secrets({ a: secret(id) }, options))
    .handle(({ secrets }) => secrets.a)
const invoke = (handler: ReturnType<typeof giving>) => handler({}, fakeContext())

const faults: readonly (readonly [string, Fault, RegExp])[] = [
  [
    'throttles',
    { error: 'ThrottlingException' },
    /fetched: secretsmanager: GetSecretValue was answered with 400, ThrottlingException: Rate exceeded; fetch more at once/,
  ],
  [
    'is down',
    { error: 'InternalServiceError', status: 500 },
    /was answered with 500, InternalServiceError: .* side; the next invocation tries again$/,
  ],
  ['cuts connections off', { reset: true }, /\(NetworkError\): .* could not be sent: read ECONNRESET/],
  ['answers with garbage', { garbage: true }, / \(InvalidAnswer\): .* was answered with 200, what is no answer/],
  ['never answers', { hang: true }, /could not be fetched: no answer within 300 ms/],
  ['is slow', { delay: 1000 }, /could not be fetched: no answer within 300 ms/],
]

describe.each(faults)('a service that %s', (_, fault, message) => {
  test('at INIT fails the first invocation, which says so, and not the next one', async () => {
    const handler = giving(create('a'), { timeout: 300 })
    it.aws.fail(get, fault)
    await expect(invoke(handler)).rejects.toMatchObject({
      name: 'ResourceError',
      message: expect.stringMatching(/^the resource `secrets` could not be made: `secrets\.a`: 'test\/secret-\d+' /),
      cause: { name: 'SecretError', kind: 'unavailable', path: 'secrets.a', message: expect.stringMatching(message) },
    })
    it.aws.heal()
    expect(await invoke(handler)).toBe('a')
  })

  test('later changes nothing until the value is too old to serve', async () => {
    const pass = clock()
    const handler = giving(create('a'), { timeout: 300, ttl: 60_000, stale: 120_000 })
    await invoke(handler)
    it.aws.fail(get, fault)
    const { result, logs } = await collectLogs(async () => {
      for (let minute = 1; minute < 3; minute++) {
        pass(59_000)
        expect(await invoke(handler)).toBe('a')
      }
      pass(62_000)
      return await invoke(handler).catch((error) => error)
    })
    expect(result).toMatchObject({ name: 'SecretError', kind: 'unavailable', message: expect.stringMatching(message) })
    expect(logs.text.join('\n')).toContain('a kept value could not be refreshed: the last good one serves')
    it.aws.heal()
    pass(6000)
    expect(await invoke(handler)).toBe('a')
  })
})

describe('a service that fails once', () => {
  test.each(faults.slice(0, 4))('and %s is asked again at once', async (_, fault) => {
    it.aws.fail(get, { ...fault, times: 2 })
    expect(await invoke(giving(create('a')))).toBe('a')
    expect(called()).toHaveLength(3)
  })
})

test('a service that is not there at all, and comes back', async () => {
  const pass = clock()
  const handler = giving(create('a'), { ttl: 60_000, stale: 60_000 })
  await it.aws.down()
  onTestFinished(() => it.aws.up().catch(() => {}))
  await expect(invoke(handler)).rejects.toThrow('ECONNREFUSED')
  await it.aws.up()
  expect(await invoke(handler)).toBe('a')
  await it.aws.down()
  pass(90_000)
  expect((await collectLogs(() => invoke(handler))).result).toBe('a')
  await it.aws.up()
  pass(6000)
  called()
  expect(await invoke(handler)).toBe('a')
  expect(called()).toEqual([get])
})

test('connections that were dropped while the function was frozen are not missed', async () => {
  const pass = clock()
  const id = create('one')
  const handler = giving(id, { ttl: 60_000 })
  await invoke(handler)
  it.aws.dropConnections()
  it.aws.secrets.put(id, 'two')
  pass(61_000)
  expect(await invoke(handler)).toBe('two')
})

describe('a role that may not', () => {
  test('is named with what it lacks, and asked once', async () => {
    const id = create('a')
    it.aws.deny(get, id)
    await expect(invoke(giving(id))).rejects.toMatchObject({ cause: { kind: 'denied', id } })
    expect(called()).toEqual([get])
  })

  test('any more has the last good value until that is too old', async () => {
    const pass = clock()
    const id = create('a')
    const handler = giving(id, { ttl: 60_000, stale: 60_000 })
    await invoke(handler)
    it.aws.deny(get, id)
    pass(90_000)
    expect((await collectLogs(() => invoke(handler))).result).toBe('a')
    pass(60_000)
    await expect(invoke(handler)).rejects.toMatchObject({ kind: 'denied' })
  })

  test('call for a batch is named with that', async () => {
    it.aws.deny('BatchGetSecretValue')
    const both = { a: secret(create('a')), b: secret(create('b')) }
    const handler = lambda()
      .use(secrets(both, { batch: true }))
      .handle(() => 1)
    await expect(handler({}, fakeContext())).rejects.toThrow('allow it secretsmanager:BatchGetSecretValue')
  })
})

test('a refresh that is slow is not waited for, nor left running', async () => {
  const pass = clock()
  const id = create('one')
  const handler = giving(id, { ttl: 60_000 })
  await invoke(handler)
  it.aws.secrets.put(id, 'two')
  it.aws.fail(get, { hang: true, times: 1 })
  pass(55_000)
  expect((await collectLogs(() => invoke(handler))).result).toBe('one')
  // That it was given up is no failure of the service's: the next invocation tries at once.
  expect(await invoke(handler)).toBe('one')
  expect(await invoke(handler)).toBe('two')
})

test('a schema that a new version fails keeps the last good one', async () => {
  const pass = clock()
  const id = create('{"a":1}')
  const handler = lambda()
    .use(secrets({ a: secret(id, { format: 'json' }) }, { ttl: 60_000 }))
    .handle(({ secrets }) => secrets.a)
  await handler({}, fakeContext())
  it.aws.secrets.put(id, 'not JSON')
  pass(70_000)
  const { result } = await collectLogs(async () => [
    await handler({}, fakeContext()).catch(({ kind }) => kind),
    await handler({}, fakeContext()),
  ])
  expect(result).toEqual([{ a: 1 }, { a: 1 }])
})

test('a hundred invocations that begin at once fetch once, at INIT and when the value has expired', async () => {
  const pass = clock()
  const handler = giving(create('a'), { ttl: 60_000 })
  const burst = () => Promise.all(Array.from({ length: 100 }, () => invoke(handler)))
  expect(new Set(await burst())).toEqual(new Set(['a']))
  expect(called()).toEqual([get])
  pass(61_000)
  await burst()
  expect(called()).toEqual([get])
})

test('credentials that are not those of the service are named', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', 'of another')
  await expect(invoke(giving(create('a')))).rejects.toMatchObject({ cause: { kind: 'credentials' } })
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', '')
  await expect(invoke(giving(create('a')))).rejects.toThrow('(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)')
})
