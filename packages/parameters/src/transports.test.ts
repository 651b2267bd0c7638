import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm'
import { SSMClient } from '@aws-sdk/client-ssm'
import { renew } from '@fnware/core'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { reader } from '../test/reader.ts'
import { clock, service } from '../test/service.ts'
import { extension, https, parameter, parameters, path, powertools, type Transport } from './index.ts'
import { sdk } from './sdk.ts'

const it = service()
const { put, below, called } = it
const Texts = z.record(z.string(), z.unknown())

const transports: Readonly<Record<string, () => Transport>> = {
  'https()': () => https(),
  'https() told all': () =>
    https({ endpoint: it.aws.endpoint, region: it.aws.region, credentials: it.aws.credentials }),
  'sdk()': () => sdk(),
  'sdk() with options': () => sdk({ endpoint: it.aws.endpoint, maxAttempts: 1 }),
  'sdk() with a client': () => sdk(new SSMClient({})),
  'extension()': () => extension({ otherwise: https() }),
  'powertools()': () => powertools(new SSMProvider()),
}

describe.each(Object.entries(transports))('%s', (_, transport) => {
  test('fetches values, decrypted, by version, label and ARN, and lists as text', async () => {
    const name = put('one')
    it.aws.parameters.put(name, 'two')
    it.aws.parameters.put(name, 'three')
    it.aws.parameters.label(name, 2, 'live')
    const arn = `arn:aws:ssm:eu-west-1:123456789012:parameter${name}`
    const { secure, now, first, live, list, shared, sharedFirst } = await reader(
      parameters(
        {
          secure: parameter(put('hunter2', 'SecureString')),
          now: parameter(name),
          first: parameter(`${name}:1`),
          live: parameter(`${name}:live`),
          list: parameter(put('a,b', 'StringList'), { format: 'list' }),
          shared: parameter(arn),
          sharedFirst: parameter(`${arn}:1`),
        },
        { transport: transport() },
      ),
    )()
    expect([secure, now, first, live, list]).toEqual(['hunter2', 'three', 'one', 'two', ['a', 'b']])
    expect([shared, sharedFirst]).toEqual(['three', 'one'])
  })

  test('fetches what is below a path, page by page, decrypted', async () => {
    const values = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`p${i}`, `${i}`]))
    const name = below({ ...values, 'deep/er': 'e' })
    it.aws.parameters.put(`${name}secure`, 'hunter2', 'SecureString')
    const { all, too } = await reader(
      parameters({ all: path(name, Texts), too: path(name.slice(0, -1), Texts) }, { transport: transport() }),
    )()
    expect(all).toEqual({ ...values, deep: { er: 'e' }, secure: 'hunter2' })
    expect(too).toEqual(all)
  })

  test('says which of many are missing, by their keys', async () => {
    const read = reader(
      parameters(
        {
          a: parameter(put('a')),
          gone: parameter('/test/gone'),
          old: parameter(`${put('b')}:7`),
          c: parameter(put('c')),
        },
        { transport: transport() },
      ),
    )
    await expect(read()).rejects.toMatchObject({
      cause: {
        errors: [
          { name: 'ParameterError', kind: 'missing', path: 'parameters.gone', parameter: '/test/gone' },
          { name: 'ParameterError', kind: 'missing', path: 'parameters.old' },
        ],
      },
    })
  })

  test('says which of many are denied, and so does a path', async () => {
    const [denied, name] = [put('a'), below({ a: 'a' })]
    for (const operation of ['GetParameter', 'GetParameters']) it.aws.deny(operation, denied)
    it.aws.deny('GetParametersByPath', name)
    const read = reader(
      parameters(
        { ok: parameter(put('ok')), no: parameter(denied), path: path(name, Texts) },
        { transport: transport() },
      ),
    )
    await expect(read()).rejects.toMatchObject({
      cause: {
        errors: [
          { kind: 'denied', path: 'parameters.no', parameter: denied },
          { kind: 'denied', path: 'parameters.path', parameter: name },
        ],
      },
    })
    it.aws.heal()
    expect(await read()).toMatchObject({ ok: 'ok', no: 'a', path: { a: 'a' } })
  })

  test('is called again for a value that was found wrong', async () => {
    clock()
    const name = put('one')
    const read = reader(parameters({ a: parameter(name) }, { transport: transport() }))
    const found = await read()
    it.aws.parameters.put(name, 'two')
    expect(await renew(() => found.a)).toBe('two')
  })
})

describe('sdk()', () => {
  test('sends ten names a call, and stops what nobody waits for', async () => {
    const many = Array.from({ length: 12 }, (_, i) => [`p${i}`, parameter(put(`${i}`))] as const)
    it.aws.fail('GetParameters', { hang: true, times: 2 })
    const read = reader(parameters(Object.fromEntries(many), { transport: sdk(), timeout: 1500 }))
    await expect(read()).rejects.toThrow('no answer within 1500 ms')
    expect(called().sort()).toEqual(['GetParameters 10', 'GetParameters 2'])
    expect(await read()).toHaveProperty('p11', '11')
  })

  test('does not quote what it could not read', async () => {
    it.aws.fail('GetParameters', { garbage: true })
    const error = await reader(parameters({ a: parameter(put('a')) }, { transport: sdk({ maxAttempts: 1 }) }))().catch(
      (error) => error.cause,
    )
    expect(error).toMatchObject({ kind: 'unavailable', path: 'parameters.a' })
    expect(error.message).not.toContain('<html>')
  })
})

describe('extension()', () => {
  test('is not ready at INIT: then another is asked, or the next invocation tries again', async () => {
    it.aws.extension.ready = false
    const name = put('a')
    expect(
      await reader(parameters({ a: parameter(name) }, { transport: extension({ otherwise: https() }) }))(),
    ).toHaveProperty('a', 'a')
    expect(called()).toEqual(['GetParameters 1'])

    const read = reader(parameters({ a: parameter(name) }, { transport: extension() }))
    await expect(read()).rejects.toThrow('the Parameters and Secrets extension is not ready')
    it.aws.extension.ready = true
    expect(await read()).toHaveProperty('a', 'a')
    expect(it.aws.calls).toMatchObject([{ service: 'extension', operation: 'GetParameter' }])
  })

  test('is asked for each by itself, and past its cache for what was found wrong', async () => {
    const transport = extension({ otherwise: https() })
    const found = await reader(parameters({ a: parameter(put('a')), b: parameter(put('b')) }, { transport }))()
    expect(called()).toEqual(['GetParameter', 'GetParameter'])
    await renew(() => found.a)
    expect(called()).toEqual(['GetParameters 1'])
  })

  test('asks no other where it is ready and fails', async () => {
    it.aws.fail('GetParameter', { error: 'ThrottlingException' })
    const transport = extension({ otherwise: https() })
    await expect(reader(parameters({ a: parameter(put('a')) }, { transport }))()).rejects.toMatchObject({
      cause: { kind: 'unavailable' },
    })
    expect(called()).toEqual(['GetParameter'])
  })

  test.each([
    ['no answer that can be read', { garbage: true }, 'InvalidAnswer'],
    ['a lost connection', { reset: true }, 'NetworkError'],
    ['a throttled service behind it', { error: 'ThrottlingException' }, 'ThrottlingException'],
  ] as const)('says %s', async (_, fault, code) => {
    it.aws.fail('GetParameter', fault)
    const read = reader(parameters({ a: parameter(put('a')) }, { transport: extension() }))
    await expect(read()).rejects.toMatchObject({ cause: { kind: 'unavailable', cause: { code } } })
  })
})

describe('powertools()', () => {
  test('goes past the cache of the provider', async () => {
    const pass = clock()
    const name = put('one')
    const read = reader(parameters({ a: parameter(name) }, { ttl: 1000, transport: powertools(new SSMProvider()) }))
    await read()
    it.aws.parameters.put(name, 'two')
    pass(1001)
    expect(await read()).toHaveProperty('a', 'two')
  })

  test('takes no other provider', () => {
    expect(() => powertools({ get: async () => '' } as never)).toThrow('powertools() takes an SSMProvider')
    expect(() => powertools(undefined as never)).toThrow('powertools() takes an SSMProvider')
  })
})

test('one that cannot be given up is waited for no longer than it may take', async () => {
  const transport = { get: () => new Promise<string>(() => {}) }
  await expect(reader(parameters({ a: parameter('/a') }, { transport, timeout: 50 }))()).rejects.toMatchObject({
    cause: { name: 'ParameterError', kind: 'unavailable', path: 'parameters.a' },
  })
})

test('one of your own will do', async () => {
  const get = vi.fn(async ({ name }: { name: string }) => `value of ${name}`)
  const found = await reader(
    parameters({ a: parameter('/a'), b: parameter('/b'), c: parameter('/a') }, { transport: { get } }),
  )()
  expect([found.a, found.b, found.c]).toEqual(['value of /a', 'value of /b', 'value of /a'])
  expect(get).toHaveBeenCalledTimes(2)
})
