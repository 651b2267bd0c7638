import { lambda, renew } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import type { Fault } from 'test-aws'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { clock, service } from '../test/service.ts'
import { type Definitions, type ParametersOptions, parameter, parameters, path } from './index.ts'

const it = service()
const { put, below, called } = it
const get = 'GetParameters'

/** A function that gives its parameters' values. */
const giving = (definitions: Definitions, options: ParametersOptions<'parameters'> = {}) =>
  lambda()
    .use(parameters(definitions, options))
    .handle(({ parameters }) => Object.keys(definitions).map((key) => parameters[key]))
const one = (name: string, options?: ParametersOptions<'parameters'>) => giving({ a: parameter(name) }, options)
const invoke = (handler: ReturnType<typeof giving>) => handler({}, fakeContext())

const faults: readonly (readonly [string, Fault, RegExp])[] = [
  [
    'throttles',
    { error: 'ThrottlingException' },
    /could not be fetched: ssm: GetParameters was answered with 400, ThrottlingException/,
  ],
  ['is down', { error: 'InternalServerError', status: 500 }, /was answered with 500, InternalServerError/],
  ['cuts connections off', { reset: true }, /\(NetworkError\): .* could not be sent: read ECONNRESET/],
  ['answers with garbage', { garbage: true }, /\(InvalidAnswer\): .* was answered with 200, what is no answer/],
  ['never answers', { hang: true }, /could not be fetched: no answer within 800 ms/],
  ['is slow', { delay: 2500 }, /could not be fetched: no answer within 800 ms/],
]

describe.each(faults)('a service that %s', (_, fault, message) => {
  test('at INIT fails the first invocation, which says so, and not the next one', async () => {
    const handler = one(put('a'), { timeout: 800 })
    it.aws.fail(get, fault)
    await expect(invoke(handler)).rejects.toMatchObject({
      name: 'ResourceError',
      message: expect.stringMatching(/^the resource `parameters` could not be made: `parameters.a`: '\/test\/param/),
      cause: {
        name: 'ParameterError',
        kind: 'unavailable',
        path: 'parameters.a',
        message: expect.stringMatching(message),
      },
    })
    it.aws.heal()
    expect(await invoke(handler)).toEqual(['a'])
  })

  test('later changes nothing until the value is too old to serve', async () => {
    const pass = clock()
    const handler = one(put('a'), { timeout: 800, ttl: 60_000, stale: 120_000 })
    await invoke(handler)
    it.aws.fail(get, fault)
    const { result, logs } = await collectLogs(async () => {
      for (let minute = 1; minute < 3; minute++) {
        pass(59_000)
        expect(await invoke(handler)).toEqual(['a'])
      }
      pass(62_000)
      return await invoke(handler).catch((error) => error)
    })
    expect(result).toMatchObject({
      name: 'ParameterError',
      kind: 'unavailable',
      message: expect.stringMatching(message),
    })
    expect(logs.text.join('\n')).toContain('a kept value could not be refreshed: the last good one serves')
    it.aws.heal()
    pass(6000)
    expect(await invoke(handler)).toEqual(['a'])
  })
})

test.each(faults.slice(0, 4))('a service that once or twice %s is asked again at once', async (_, fault) => {
  it.aws.fail(get, { ...fault, times: 2 })
  expect(await invoke(one(put('a')))).toEqual(['a'])
  expect(called()).toHaveLength(3)
})

test('a page that fails is asked for again, and not the ones before it', async () => {
  const values = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`p${i}`, `${i}`]))
  it.aws.fail(({ input }) => 'NextToken' in input, { error: 'ThrottlingException', times: 1 })
  const handler = giving({ all: path(below(values), z.record(z.string(), z.string())) })
  expect(await invoke(handler)).toEqual([values])
  expect(called()).toHaveLength(4)
})

describe('a role that may not', () => {
  test('read one of many is told which, by a call for each', async () => {
    const names = [put('a'), put('b'), put('c')] as const
    it.aws.deny(get, names[1])
    const handler = giving({ a: parameter(names[0]), b: parameter(names[1]), c: parameter(names[2]) })
    await expect(invoke(handler)).rejects.toMatchObject({
      cause: { kind: 'denied', path: 'parameters.b', parameter: names[1] },
    })
    expect(called().sort()).toEqual([`${get} 1`, `${get} 1`, `${get} 1`, `${get} 3`])
  })

  test('any more has the last good value until that is too old, and others are refreshed', async () => {
    const pass = clock()
    const [denied, other] = [put('a'), put('b')]
    const handler = giving({ a: parameter(denied), b: parameter(other) }, { ttl: 60_000, stale: 60_000 })
    await invoke(handler)
    it.aws.deny(get, denied)
    it.aws.parameters.put(other, 'b2')
    pass(61_000)
    expect((await collectLogs(() => invoke(handler))).result).toEqual(['a', 'b2'])
    pass(60_000)
    await expect(invoke(handler)).rejects.toMatchObject({ kind: 'denied', path: 'parameters.a' })
  })

  test('use the key of a SecureString is told so', async () => {
    it.aws.fail(get, {
      error: 'AccessDeniedException',
      message:
        'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    })
    await expect(invoke(one(put('a', 'SecureString')))).rejects.toThrow(
      'allow it kms:Decrypt on the key that it is encrypted with',
    )
  })
})

test('a parameter that is deleted keeps its last good value, and others are refreshed', async () => {
  const pass = clock()
  const [gone, other] = [put('a'), put('b')]
  const handler = giving({ a: parameter(gone), b: parameter(other) }, { ttl: 60_000 })
  await invoke(handler)
  it.aws.parameters.delete(gone)
  it.aws.parameters.put(other, 'b2')
  pass(61_000)
  expect((await collectLogs(() => invoke(handler))).result).toEqual(['a', 'b2'])
})

test('a new version that fails its schema keeps the last good one', async () => {
  const pass = clock()
  const name = put('{"a":1}')
  const handler = giving({ a: parameter(name, z.object({ a: z.number() })) }, { ttl: 60_000 })
  await invoke(handler)
  it.aws.parameters.put(name, '{"a":"hunter2"}')
  pass(61_000)
  const { result, logs } = await collectLogs(() => invoke(handler))
  expect(result).toEqual([{ a: 1 }])
  expect(logs.text.join('\n')).toContain('/a: Invalid input: expected number, received string')
  expect(logs.text.join('\n')).not.toContain('hunter2')
})

test('a refresh that is slow is not waited for, nor left running', async () => {
  const pass = clock()
  const name = put('one')
  const handler = one(name, { ttl: 60_000 })
  await invoke(handler)
  it.aws.parameters.put(name, 'two')
  it.aws.fail(get, { hang: true, times: 1 })
  pass(55_000)
  expect((await collectLogs(() => invoke(handler))).result).toEqual(['one'])
  // That it was given up is no failure of the service's: the next invocation tries at once.
  expect(await invoke(handler)).toEqual(['one'])
  expect(await invoke(handler)).toEqual(['two'])
})

test('a hundred invocations that begin at once fetch once, at INIT and when the values have expired', async () => {
  const pass = clock()
  const handler = giving({ a: parameter(put('a')), b: parameter(put('b')) }, { ttl: 60_000 })
  const burst = () => Promise.all(Array.from({ length: 100 }, () => invoke(handler)))
  expect(new Set((await burst()).flat())).toEqual(new Set(['a', 'b']))
  expect(called()).toEqual([`${get} 2`])
  pass(61_000)
  await burst()
  expect(called()).toEqual([`${get} 2`])
})

test('a change in the middle of an invocation is seen by the one that asks for it', async () => {
  const name = put('one')
  const seen = await lambda()
    .use(parameters({ a: parameter(name), db: path(below({ host: 'h' }), z.object({ host: z.string() })) }))
    .handle(async ({ parameters }) => {
      it.aws.parameters.put(name, 'two')
      const cached = parameters.a
      const anew = await renew(() => `${parameters.a} ${parameters.db.host}`)
      return [cached, anew, parameters.a]
    })({}, fakeContext())
  expect(seen).toEqual(['one', 'two h', 'two'])
})

test('a change is seen before its time to live is over, by invocations that come again and again', async () => {
  vi.mocked(Math.random).mockReturnValue(0.999)
  const pass = clock()
  const name = put('one')
  const handler = giving({ a: parameter(name), b: parameter(put('b')) }, { ttl: 60_000 })
  await invoke(handler)
  it.aws.parameters.put(name, 'two')
  let seconds = 0
  for (; (await invoke(handler))[0] === 'one'; seconds++) pass(1000)
  expect(seconds).toBeLessThanOrEqual(60)
})

test('a hundred that find it wrong at once fetch it anew once', async () => {
  const name = put('one')
  const handler = lambda()
    .use(parameters({ a: parameter(name) }))
    .handle(({ parameters }) => renew(() => parameters.a))
  await handler({}, fakeContext())
  called()
  it.aws.parameters.put(name, 'two')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2000 })
  expect(new Set(await Promise.all(Array.from({ length: 100 }, () => handler({}, fakeContext()))))).toEqual(
    new Set(['two']),
  )
  expect(called()).toEqual([`${get} 1`])
})

test('credentials that are not those of the service are named', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', 'of another')
  await expect(invoke(one(put('a')))).rejects.toMatchObject({ cause: { kind: 'credentials' } })
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', '')
  await expect(invoke(one(put('a')))).rejects.toThrow('(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)')
})
