import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { answering, inFunction, json, type Received, raw } from '../test/answering.ts'
import { awsCalls } from './call.ts'

const service = { name: 'secretsmanager', target: 'secretsmanager', id: 'SECRETS_MANAGER' }
const secret = 'what nobody must see'

beforeEach(() => inFunction(secret))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})
const call = awsCalls(service)

describe('a call', () => {
  test('is signed JSON, and gives what was answered', async () => {
    const { received } = await answering(json(200, { SecretString: 's' }))
    expect(await call('GetSecretValue', { SecretId: 'ä' })).toEqual({ SecretString: 's' })
    const [{ headers, body }] = received as [Received]
    expect(body).toBe('{"SecretId":"ä"}')
    expect(headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[\da-f]{64}$/,
      ),
    })
  })

  test('reads the environment anew each time', async () => {
    const { received } = await answering(json(200, {}))
    await call('GetSecretValue', {})
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ROTATED')
    vi.stubEnv('AWS_SESSION_TOKEN', 'session')
    await call('GetSecretValue', {})
    expect(received[1]?.headers.authorization).toContain('Credential=ROTATED/')
    expect(received[1]?.headers['x-amz-security-token']).toBe('session')
  })

  test('keeps its connections', async () => {
    const { sockets } = await answering(json(200, {}))
    await call('GetSecretValue', {})
    await call('GetSecretValue', {})
    expect(sockets.size).toBe(1)
  })

  test('uses none that may have died while the environment was frozen', async () => {
    const { sockets } = await answering(json(200, {}))
    await call('GetSecretValue', {})
    const [first] = sockets
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    await call('GetSecretValue', {})
    expect(sockets.has(first as Socket)).toBe(false)
  })
})

describe('what does not pass', () => {
  test('is not', async () => {
    const { received } = await answering(
      json(400, { __type: 'com.amazonaws.secretsmanager#ResourceNotFoundException', Message: 'there is none' }),
    )
    await expect(call('GetSecretValue', {})).rejects.toMatchObject({
      name: 'AwsError',
      code: 'ResourceNotFoundException',
      message: 'secretsmanager: GetSecretValue was answered with 400, ResourceNotFoundException: there is none',
      service: 'secretsmanager',
      operation: 'GetSecretValue',
      requestId: 'r-1',
      status: 400,
    })
    expect(received.length).toBe(1)
  })

  test('is named by its header first', async () => {
    await answering(json(400, { __type: 'B' }, { 'x-amzn-errortype': 'AccessDeniedException:http://x/' }))
    await expect(call('GetSecretValue', {})).rejects.toMatchObject({ code: 'AccessDeniedException' })
  })

  test('shows neither what was sent nor what was answered', async () => {
    await answering(json(400, { SecretString: secret }), raw(400, secret))
    for (let i = 0; i < 2; i++) {
      const error = await call<never>('GetSecretValue', { token: secret }).catch((error) => error)
      expect(error.code).toBe('InvalidAnswer')
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
    }
  })

  test('quotes one line of the service, since what was signed may follow', async () => {
    const message = `The signature does not match.\n\nThe canonical string:\nx-amz-security-token:${secret}`
    await answering(json(400, { __type: 'InvalidSignatureException', message }))
    const error = await call<never>('GetSecretValue', {}).catch((error) => error)
    expect(error.message).toMatch(/400, InvalidSignatureException: The signature does not match\.$/)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
  })
})

test('a service that is not there is named', async () => {
  const { port } = await answering(json(200, {}))
  vi.stubEnv('AWS_ENDPOINT_URL', '')
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'http://127.0.0.1:1')
  await expect(call('GetSecretValue', {})).rejects.toMatchObject({
    code: 'NetworkError',
    message: expect.stringMatching(/^secretsmanager: GetSecretValue could not be sent: .*ECONNREFUSED 127\.0\.0\.1:1$/),
  })
  const elsewhere = awsCalls(service, { endpoint: `http://127.0.0.1:${port}` })
  expect(await elsewhere('GetSecretValue', {})).toEqual({})
})

test('options are checked', () => {
  expect(() => awsCalls(service, { atempts: 2 } as never)).toThrow(
    'awsCalls(): there is no option `atempts`: did you mean `attempts`?',
  )
})
