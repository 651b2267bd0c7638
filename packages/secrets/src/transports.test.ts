import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { service } from '../test/service.ts'
import { extension, https, powertools, secret, secrets, type Transport } from './index.ts'
import { sdk } from './sdk.ts'
import { overCalls } from './wire.ts'

const it = service()
const { create, called } = it
const never = new AbortController().signal

const transports: Readonly<Record<string, () => Transport>> = {
  'https()': () => https(),
  'https() told everything': () =>
    https({ endpoint: it.aws.endpoint, region: it.aws.region, credentials: async () => it.aws.credentials }),
  'sdk()': () => sdk(),
  'sdk() with options': () => sdk({ endpoint: it.aws.endpoint, maxAttempts: 1 }),
  'sdk() with a client': () => sdk(new SecretsManagerClient({ maxAttempts: 1 })),
  'extension()': () => extension(),
  'powertools()': () => powertools(new SecretsProvider()),
}

describe.each(Object.entries(transports))('%s', (name, make) => {
  test('fetches text, bytes, versions and stages', async () => {
    const transport = make()
    const id = create('one')
    const two = it.aws.secrets.put(id, 'two')
    it.aws.secrets.put(id, 'three')
    const get = async (more: object = {}) => (await transport.get({ id, ...more }, never)).text
    expect(await get()).toBe('three')
    expect(await get({ stage: 'AWSPREVIOUS' })).toBe('two')
    expect(await get({ version: two })).toBe('two')
    const bytes = await transport.get({ id: create(new Uint8Array([0, 200])) }, never)
    expect(new Uint8Array(bytes.binary ?? [])).toEqual(new Uint8Array([0, 200]))
    expect(bytes.text).toBeUndefined()
  })

  test('tells versions apart', async () => {
    const transport = make()
    const id = create('one')
    const version = async () => (await transport.get({ id }, never)).version
    const first = await version()
    expect(first).toBeTruthy()
    expect(await version()).toBe(first)
    it.aws.secrets.put(id, 'two')
    expect(await version()).not.toBe(first)
  })

  test('says in one way what is wrong', async () => {
    const use = (id: string) =>
      lambda()
        .use(secrets({ a: secret(id) }, { transport: make() }))
        .handle(() => 1)({}, fakeContext())
    const id = create('a')
    it.aws.deny('GetSecretValue', id)
    await expect(use(id)).rejects.toMatchObject({ cause: { kind: 'denied', path: 'secrets.a', id } })
    await expect(use('test/none')).rejects.toMatchObject({ cause: { kind: 'missing' } })
    vi.stubEnv('AWS_SESSION_TOKEN', 'of another')
    if (!name.startsWith('https() told'))
      await expect(use(id)).rejects.toMatchObject({ cause: { kind: 'credentials' } })
  })
})

test.each([
  ['https()', () => https()],
  ['sdk()', () => sdk()],
])('%s fetches several at once', async (_, make) => {
  const [a, b] = [create('a'), create(new Uint8Array([5]))]
  const [first, second, third] = (await make().getMany?.([b, 'test/none', a], never)) ?? []
  expect(first).toMatchObject({ binary: new Uint8Array([5]) })
  expect(second).toMatchObject({ code: 'ResourceNotFoundException' })
  expect(third).toMatchObject({ text: 'a', version: expect.any(String) })
  expect(called()).toEqual(['BatchGetSecretValue'])
})

test('a batch that comes in pages is read to its end, by names and ARNs, also without what is added to them', async () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:'
  const found = (name: string) => ({ Name: name, ARN: `${arn}${name}-AbCdEf`, SecretString: name })
  const pages = [{ SecretValues: [found('a'), found('b')], NextToken: 't' }, { SecretValues: [found('c')] }]
  const call = vi.fn(async () => pages.shift() as never)
  const ids = [`${arn}c`, 'b', `${arn}a-AbCdEf`, `${arn}d`]
  expect(await overCalls(call).getMany(ids, never)).toMatchObject([
    { text: 'c' },
    { text: 'b' },
    { text: 'a' },
    { code: 'ResourceNotFoundException' },
  ])
  expect(call.mock.calls.map((args: unknown[]) => args[1])).toEqual([
    { SecretIdList: ids },
    { SecretIdList: ids, NextToken: 't' },
  ])
})

describe('the SDK', () => {
  test('that cannot read an answer shows none of it', async () => {
    const server = createServer((_, response) => response.end('hunter2 is no JSON')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const handler = lambda()
      .use(secrets({ a: secret('a') }, { transport: sdk({ endpoint, maxAttempts: 1 }) }))
      .handle(() => 1)
    const error = await handler({}, fakeContext()).catch((error) => error)
    expect(error.cause).toMatchObject({ kind: 'unavailable' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2')
  })

  test('is given up by a signal', async () => {
    it.aws.fail('GetSecretValue', { hang: true })
    const gone = AbortSignal.timeout(100)
    await expect(sdk().get({ id: create('a') }, gone)).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('the extension', () => {
  const inside = (transport: Transport) =>
    lambda()
      .use(secrets({ a: secret(create('a')) }, { transport }))
      .handle(({ secrets }) => secrets.a)

  test('that is not ready yet leaves it to another, where there is one', async () => {
    it.aws.extension.ready = false
    await expect(inside(extension())({}, fakeContext())).rejects.toThrow(
      'the Parameters and Secrets extension is not ready: it answers during invocations, not at INIT',
    )
    expect(await inside(extension({ otherwise: https() }))({}, fakeContext())).toBe('a')
    expect(it.aws.calls.map(({ service }) => service)).toEqual(['secretsmanager'])
  })

  test('nor is one that does not listen', async () => {
    vi.stubEnv('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT', '1')
    await expect(inside(extension())({}, fakeContext())).rejects.toThrow('has the function its layer?')
    expect(await inside(extension({ otherwise: https() }))({}, fakeContext())).toBe('a')
  })

  test.each([
    [{ garbage: true }, 'answered with 200, InvalidAnswer'],
    [{ reset: true }, 'could not be reached'],
    [{ error: 'ThrottlingException' }, 'answered with 400, ThrottlingException'],
  ] as const)('that fails with %j says so, and leaves nothing to another', async (fault, message) => {
    it.aws.fail('GetSecretValue', fault)
    await expect(inside(extension({ otherwise: https() }))({}, fakeContext())).rejects.toThrow(message)
    expect(it.aws.calls.map(({ service }) => service)).toEqual(['extension'])
  })

  test('is asked by the first invocation on Lambda, when INIT is over', async () => {
    const code = `
      import { lambda } from '@fnware/core'
      import { extension, secret, secrets } from '@fnware/secrets'
      const handler = lambda()
        .use(secrets({ a: secret(process.env.SECRET) }, { transport: extension() }))
        .handle(({ secrets }) => secrets.a)
      await handler.ready()
      console.log('ready')
      await new Promise((resolve) => process.stdin.once('data', resolve).resume())
      console.log(await handler({}, { getRemainingTimeInMillis: () => 3000 }))
      process.exit()`
    it.aws.extension.ready = false
    const env = { ...process.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', SECRET: create('a') }
    const args = ['--conditions=@fnware/source', '--input-type=module', '-e', code]
    const running = spawn(process.execPath, args, { env, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'inherit'] })
    let printed = ''
    running.stdout.on('data', (data) => {
      printed += data
      if (printed !== 'ready\n') return
      it.aws.extension.ready = true
      running.stdin.end('go')
    })
    await once(running, 'close')
    expect(printed).toBe('ready\na\n')
  })
})

test('options are checked', () => {
  expect(() => https({ regoin: 'x' } as never)).toThrow('there is no option `regoin`: did you mean `region`?')
  expect(() => extension({ other: https() } as never)).toThrow('there is no option `other`')
  expect(() => powertools({} as never)).toThrow(
    'powertools() takes a SecretsProvider of @aws-lambda-powertools/parameters/secrets',
  )
})
