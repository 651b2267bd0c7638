import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { awsCalls } from './call.ts'

const service = { name: 'secretsmanager', target: 'secretsmanager', id: 'SECRETS_MANAGER' }
const secret = 'what nobody must see'

type Answering = (response: ServerResponse, request: IncomingMessage, body: string) => void
interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server that answers each request with the next of these, and the last for ever. */
const answering = async (...answers: Answering[]) => {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const answer = answers[Math.min(received.length, answers.length - 1)] as Answering
    received.push({ headers: request.headers, body })
    answer(response, request, body)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`)
  return { received, sockets, port }
}
const json =
  (status: number, body: unknown, headers = {}): Answering =>
  (response) => {
    response.writeHead(status, { 'x-amzn-requestid': 'r-1', ...headers }).end(JSON.stringify(body))
  }
const raw =
  (status: number, text: string): Answering =>
  (response) => {
    response.writeHead(status).end(text)
  }
const fails = (status: number, code: string) => json(status, { __type: code, message: 'so it is' })
const cutOff: Answering = (response) => response.destroy()
const hangs: Answering = () => {}

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret)
  vi.stubEnv('AWS_SESSION_TOKEN', '')
})
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

describe('what passes is called again', () => {
  test.each([
    ['cut off', cutOff],
    ['throttled', fails(400, 'ThrottlingException')],
    ['throttled by a number', raw(429, 'slow down')],
    ['down', raw(503, '<html>')],
    ['an internal error', fails(500, 'InternalServiceError')],
    ['an unheard-of fault of theirs', fails(500, 'Whatever')],
    ['garbage', raw(200, '<html>')],
    ['JSON that is no object', raw(200, '5')],
    [
      'cut short',
      ((response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"a":')
        setTimeout(() => response.destroy(), 10)
      }) as Answering,
    ],
  ])('%s', async (_, answer) => {
    const { received } = await answering(answer, answer, json(200, { ok: true }))
    expect(await call('GetSecretValue', {})).toEqual({ ok: true })
    expect(received.length).toBe(3)
  })

  test('on a connection that died unseen', async () => {
    const { sockets } = await answering(json(200, {}), cutOff, json(200, { again: true }))
    await call('GetSecretValue', {})
    expect(sockets.size).toBe(1)
    expect(await call('GetSecretValue', {})).toEqual({ again: true })
  })

  test('three times in all, or as often as is said', async () => {
    const { received } = await answering(fails(400, 'ThrottlingException'))
    await expect(call('GetSecretValue', {})).rejects.toMatchObject({ code: 'ThrottlingException', status: 400 })
    expect(received.length).toBe(3)
    await expect(awsCalls(service, { attempts: 1 })('GetSecretValue', {})).rejects.toThrow('ThrottlingException')
    expect(received.length).toBe(4)
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
      const { inspect } = await import('node:util')
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
    }
  })
})

describe('credentials that AWS does not take', () => {
  const given = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 's', expiration: new Date('2099-01-01') })
  const refusing: Answering = (response, request) =>
    (request.headers.authorization?.includes('=OLD/') ? fails(400, 'ExpiredTokenException') : json(200, { ok: true }))(
      response,
      request,
      '',
    )

  test('are asked for anew, though they have not ended', async () => {
    const { received } = await answering(refusing)
    const source = vi.fn(async () => given(source.mock.calls.length > 1 ? 'NEW' : 'OLD'))
    const call = awsCalls(service, { credentials: source })
    expect(await call('GetSecretValue', {})).toEqual({ ok: true })
    expect(await call('GetSecretValue', {})).toEqual({ ok: true })
    expect(source).toHaveBeenCalledTimes(2)
    expect(received.length).toBe(3)
  })

  test.each([
    ['fixed ones', () => given('OLD')],
    ['ones that come again', () => async () => given('OLD')],
  ])('%s are not tried again', async (_, make) => {
    const { received } = await answering(refusing)
    const call = awsCalls(service, { credentials: make() })
    await expect(call('GetSecretValue', {})).rejects.toMatchObject({ code: 'ExpiredTokenException' })
    expect(received.length).toBe(1)
  })
})

describe('a signal', () => {
  test('ends the call while an answer is waited for', async () => {
    await answering(hangs)
    const controller = new AbortController()
    const reason = new Error('given up')
    const made = call('GetSecretValue', {}, controller.signal)
    setTimeout(() => controller.abort(reason), 100)
    await expect(made).rejects.toBe(reason)
  })

  test.each([
    ['between two attempts', [fails(400, 'ThrottlingException')]],
    ['in a later one', [fails(400, 'ThrottlingException'), hangs]],
  ])('ends it %s with what was answered last', async (_, answers) => {
    await answering(...answers)
    const controller = new AbortController()
    const made = awsCalls(service, { attempts: 1000 })('GetSecretValue', {}, controller.signal)
    setTimeout(() => controller.abort(new Error('given up')), 400)
    await expect(made).rejects.toMatchObject({ code: 'ThrottlingException' })
  })

  test('that has been given already sends nothing', async () => {
    const { received } = await answering(json(200, {}))
    await expect(call('GetSecretValue', {}, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up')
    expect(received).toEqual([])
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
