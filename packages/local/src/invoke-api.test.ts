import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import {
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  type LambdaClientConfig,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { LambdaEvent } from './events.ts'
import { running, until } from './testing.ts'

const echo = 'export const handler = async (event) => event'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }

/** AWS's own client, pointed here. */
export function client(endpoint: string, config: LambdaClientConfig = {}): LambdaClient {
  const made = new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, ...config })
  onTestFinished(() => made.destroy())
  return made
}

async function served(...args: Parameters<typeof running>) {
  const run = await running(...args)
  const url = await run.lambda.listen()
  const aws = client(url)
  const invoke = (FunctionName: string, input: Omit<Partial<InvokeCommandInput>, 'FunctionName'> = {}) =>
    aws.send(new InvokeCommand({ FunctionName, ...input }))
  return { ...run, url, invoke }
}

const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString()
const json = (payload: Uint8Array | undefined) => JSON.parse(text(payload)) as Record<string, unknown>
const ofType = <T extends LambdaEvent['type']>(events: LambdaEvent[], type: T) =>
  events.filter((event): event is Extract<LambdaEvent, { type: T }> => event.type === type)

/** What a request that no client would make is answered. */
function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
  method = 'POST',
) {
  return new Promise<{ status: number; errorType: unknown; body: Record<string, unknown> }>((done, failed) => {
    const sent = request(url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const said = Buffer.concat(chunks).toString()
        done({
          status: response.statusCode!,
          errorType: response.headers['x-amzn-errortype'],
          body: said ? JSON.parse(said) : undefined,
        })
      })
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

test('RequestResponse: the event there and back, byte by byte; the request id is the one that the client sees', async () => {
  const { invoke } = await served({
    echo,
    id: 'export const handler = async (event, { awsRequestId }) => awsRequestId',
  })
  const event = '{ "big": 12345678901234567890, "text": "ü€😀", "__proto__": { "a": 1 } }'
  const answer = await invoke('echo', { Payload: event })
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
  expect(answer).not.toMatchObject({ FunctionError: expect.anything() })
  expect(answer.LogResult).toBeUndefined()
  expect(json(answer.Payload)).toMatchObject({ text: 'ü€😀' })
  expect(text(answer.Payload)).toContain('"__proto__":{"a":1}')
  expect(json((await invoke('echo')).Payload)).toEqual({})
  expect(json((await invoke('echo', { Payload: 'null' })).Payload)).toBe(null)
  const { Payload, $metadata } = await invoke('id')
  expect(json(Payload)).toBe($metadata.requestId)
})

test('a function that invokes another one by the SDK reaches the one here', async () => {
  const sdk = import.meta.resolve('@aws-sdk/client-lambda')
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { invoke } = await served({
    caller: {
      source: `import { InvokeCommand, LambdaClient } from ${JSON.stringify(sdk)}
        const client = new LambdaClient({})
        export const handler = async () => {
          const { Payload } = await client.send(new InvokeCommand({ FunctionName: 'called', Payload: '{"from":"caller"}' }))
          return JSON.parse(Buffer.from(Payload).toString())
        }`,
      timeout: 30,
    },
    called: 'export const handler = async (event) => ({ got: event })',
    elsewhere: {
      source: 'export const handler = async () => process.env.AWS_ENDPOINT_URL_LAMBDA',
      environment: { AWS_ENDPOINT_URL_LAMBDA: 'https://lambda.eu-central-1.amazonaws.com' },
    },
  })
  expect(json((await invoke('caller')).Payload)).toEqual({ got: { from: 'caller' } })
  expect(json((await invoke('elsewhere')).Payload)).toBe('https://lambda.eu-central-1.amazonaws.com')
})

test('the SDK finds it by AWS_ENDPOINT_URL_LAMBDA', async () => {
  const { url } = await served({ echo })
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', url)
  onTestFinished(() => void vi.unstubAllEnvs())
  const found = new LambdaClient({ region: 'us-east-1', credentials })
  onTestFinished(() => found.destroy())
  const { Payload } = await found.send(new InvokeCommand({ FunctionName: 'echo', Payload: '{"a":1}' }))
  expect(json(Payload)).toEqual({ a: 1 })
})

test.each([
  ['arn', 'arn'],
  ['arn:$LATEST', 'arn:$LATEST'],
  ['123456789012:function:arn', 'arn'],
  ['function:arn', 'arn'],
  ['arn:aws:lambda:us-east-1:123456789012:function:arn', 'arn'],
  ['arn:aws:lambda:eu-west-1:999999999999:function:arn:$LATEST', 'arn:$LATEST'],
])('a function by %s', async (name, ends) => {
  const { invoke } = await served({
    arn: 'export const handler = async (event, context) => context.invokedFunctionArn',
  })
  const arn = `arn:aws:lambda:us-east-1:123456789012:function:${ends}`
  expect(json((await invoke(name)).Payload)).toBe(arn)
  const { Payload } = await invoke(name, { Qualifier: '$LATEST' })
  expect(json(Payload)).toBe(`${arn.replace(':$LATEST', '')}:$LATEST`)
})

test('no such function, alias or version: ResourceNotFoundException', async () => {
  const { invoke } = await served({ orders: echo })
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:'
  const refusal = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 }, Type: 'User' }
  await expect(invoke('other-name')).rejects.toMatchObject({
    ...refusal,
    message: `Function not found: ${arn}other-name`,
  })
  await expect(invoke('order')).rejects.toMatchObject({
    message: `Function not found: ${arn}order: did you mean orders?`,
  })
  await expect(invoke('orders:prod')).rejects.toMatchObject({
    ...refusal,
    message: `Function not found: ${arn}orders:prod`,
  })
  await expect(invoke('orders', { Qualifier: '7' })).rejects.toMatchObject({
    message: `Function not found: ${arn}orders:7`,
  })
  await expect(invoke('orders:1', { Qualifier: '2' })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'The derived qualifier from the function name does not match the specified qualifier.',
  })
})

test('DryRun: 204, and nothing runs', async () => {
  const { invoke, events } = await served({ f: echo })
  const { StatusCode, Payload, ExecutedVersion } = await invoke('f', { InvocationType: 'DryRun' })
  expect([StatusCode, text(Payload), ExecutedVersion]).toEqual([204, '', undefined])
  await expect(invoke('g', { InvocationType: 'DryRun' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  expect(events).toEqual([])
})

test('the end of the log: 4 KB in base64, START, what was written, END and REPORT, of this invocation alone', async () => {
  const { invoke } = await served({
    f: `export const handler = async ({ lines = 1 }, { awsRequestId }) => {
      for (let i = 0; i < lines; i++) console.log('line', i, 'ü'.repeat(40))
      process.stdout.write('no line break'); return awsRequestId }`,
  })
  const decoded = async (Payload: string) => {
    const answer = await invoke('f', { LogType: 'Tail', Payload })
    return { id: String(json(answer.Payload)), bytes: Buffer.from(answer.LogResult!, 'base64') }
  }
  const others = Promise.all(Array.from({ length: 3 }, () => decoded('{"lines":3}')))
  const { id, bytes } = await decoded('{}')
  const [start, line, ...rest] = bytes.toString().split('\n')
  expect(start).toBe(`START RequestId: ${id} Version: $LATEST`)
  expect(line).toMatch(new RegExp(`^\\S+Z\\t${id}\\tINFO\\tline 0 ü{40}$`))
  expect(rest.slice(-3)).toEqual([
    `END RequestId: ${id}`,
    expect.stringMatching(
      new RegExp(
        `^REPORT RequestId: ${id}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms\\t$`,
      ),
    ),
    '',
  ])
  for (const other of await others) {
    const ids = other.bytes.toString().match(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g)!
    expect(new Set(ids)).toEqual(new Set([other.id]))
  }
  const long = await decoded('{"lines":100}')
  expect(long.bytes).toHaveLength(4096)
  expect(long.bytes.toString()).toContain('line 99')
  expect(long.bytes.toString()).not.toContain('START')
  expect(long.bytes.toString()).toMatch(/REPORT RequestId: .*\t\n$/)
})

test('client context and tenant id reach the context; what is no context is refused', async () => {
  const { invoke } = await served({
    f: 'export const handler = async (event, { clientContext, tenantId }) => ({ clientContext, tenantId })',
  })
  const context = { custom: { name: 'Zoë €', id: 7 }, env: {} }
  const encoded = Buffer.from(JSON.stringify(context)).toString('base64')
  const { Payload } = await invoke('f', { ClientContext: encoded, TenantId: 'tenant-1' })
  expect(json(Payload)).toEqual({ clientContext: context, tenantId: 'tenant-1' })
  expect(json((await invoke('f')).Payload)).toEqual({})
  for (const ClientContext of ['{}', Buffer.from('[1]').toString('base64'), Buffer.from('{').toString('base64')])
    await expect(invoke('f', { ClientContext })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      $metadata: { httpStatusCode: 400 },
      message: 'Client context must be a valid Base64-encoded JSON object.',
    })
  await expect(invoke('f', { TenantId: 'a#b' })).rejects.toMatchObject({ name: 'ValidationException' })
})

test('what a function fails with: 200, FunctionError, and Lambda’s words', async () => {
  const { invoke } = await served({
    throws: "export const handler = async () => { throw new TypeError('wrong') }",
    exits: 'export const handler = async () => process.exit(3)',
    slow: { source: 'export const handler = () => new Promise(r => setTimeout(r, 60_000))', timeout: 1 },
    large: "export const handler = async () => 'x'.repeat(7_000_000)",
    init: "throw new RangeError('at load')",
  })
  const failure = async (name: string) => {
    const { StatusCode, FunctionError, Payload } = await invoke(name)
    expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled'])
    return json(Payload)
  }
  expect(await failure('throws')).toMatchObject({ errorType: 'TypeError', errorMessage: 'wrong' })
  expect(await failure('exits')).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/),
  })
  expect(await failure('slow')).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/),
  })
  expect(await failure('large')).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' })
  expect(await failure('init')).toMatchObject({ errorType: 'RangeError', errorMessage: 'at load' })
})

test('too large: 413 above 6 MB, and above 1 MB where nobody waits', async () => {
  const { invoke } = await served({ f: 'export const handler = async (event) => event.length' })
  const string = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
  const { Payload } = await invoke('f', { Payload: string(6_291_456) })
  expect(json(Payload)).toBe(6_291_454)
  const words = (limit: number) => ({
    name: 'RequestTooLargeException',
    $metadata: { httpStatusCode: 413 },
    message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  })
  await expect(invoke('f', { Payload: string(6_291_457) })).rejects.toMatchObject(words(6_291_456))
  expect((await invoke('f', { InvocationType: 'Event', Payload: string(1_048_576) })).StatusCode).toBe(202)
  await expect(invoke('f', { InvocationType: 'Event', Payload: string(1_048_577) })).rejects.toMatchObject(
    words(1_048_576),
  )
})

test('what cannot be read is refused: no JSON, no UTF-8, another type, another method, unknown words', async () => {
  const { invoke, url, events } = await served({ f: echo })
  for (const Payload of ['{a}', '{"a":', Buffer.from([0x22, 0xff, 0x22])])
    await expect(invoke('f', { Payload })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      $metadata: { httpStatusCode: 400 },
      message: expect.stringMatching(/^Could not parse request body into json: /),
    })
  const path = '/2015-03-31/functions/f/invocations'
  expect(await raw(url, path, { 'content-type': 'text/html' }, '{}')).toMatchObject({
    status: 415,
    errorType: 'UnsupportedMediaTypeException',
    body: { Type: 'User', message: 'Unsupported Media Type: text/html' },
  })
  expect(await raw(url, path, { 'x-amz-invocation-type': 'Later' }, '{}')).toMatchObject({
    status: 400,
    errorType: 'ValidationException',
    body: { message: expect.stringContaining('[RequestResponse, Event, DryRun]') },
  })
  expect(await raw(url, path, { 'x-amz-log-type': 'All' }, '{}')).toMatchObject({ status: 400 })
  expect(await raw(url, path, {}, '', 'GET')).toMatchObject({ status: 405 })
  expect(await raw(url, '/2015-03-31/functions/f%20g/invocations')).toMatchObject({
    status: 400,
    errorType: 'ValidationException',
  })
  expect(await raw(url, path, { 'content-type': 'application/json; charset=utf-8' }, '[1]')).toMatchObject({
    status: 200,
    body: [1],
  })
  expect(ofType(events, 'start')).toHaveLength(1)
})

test('a throttle: 429 with its reason; reserved concurrency first, then what all share', async () => {
  const held = 'export const handler = ({ ms = 0 }) => new Promise(r => setTimeout(r, ms))'
  const { invoke, events } = await served(
    { one: { source: held, reservedConcurrency: 1 }, none: { source: held, reservedConcurrency: 0 }, a: held, b: held },
    { concurrency: 3 },
  )
  const refusal = (Reason: string) => ({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
    Type: 'User',
    message: 'Rate Exceeded.',
    Reason,
  })
  const long = ['one', 'a', 'b'].map((name) => invoke(name, { Payload: '{"ms":800}' }))
  await until(() => ofType(events, 'start').length === 3)
  const refused = invoke('one')
  await expect(refused).rejects.toBeInstanceOf(TooManyRequestsException)
  await expect(refused).rejects.toMatchObject(refusal('ReservedFunctionConcurrentInvocationLimitExceeded'))
  await expect(invoke('none')).rejects.toMatchObject(refusal('ReservedFunctionConcurrentInvocationLimitExceeded'))
  await expect(invoke('a')).rejects.toMatchObject(refusal('ConcurrentInvocationLimitExceeded'))
  await Promise.all(long)
  for (const name of ['one', 'a', 'b']) expect((await invoke(name)).StatusCode).toBe(200)
  expect(ofType(events, 'throttle').map((event) => event.function)).toEqual(['one', 'none', 'a'])
})

test('a throttle of a retrying client is but a delay', async () => {
  const { url, events } = await served({
    f: { source: 'export const handler = () => new Promise(r => setTimeout(r, 150))', reservedConcurrency: 1 },
  })
  const patient = client(url, { maxAttempts: 10 })
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => patient.send(new InvokeCommand({ FunctionName: 'f' }))),
  )
  expect(answers.map(({ StatusCode }) => StatusCode)).toEqual([200, 200, 200])
  expect(ofType(events, 'throttle').length).toBeGreaterThan(0)
})

test('the trace of the caller goes on', async () => {
  const { url } = await served({ f: 'export const handler = async () => process.env._X_AMZN_TRACE_ID' })
  const trace = 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c;Parent=53995c3f42cd8ad8;Sampled=1'
  const { body } = await raw(url, '/2015-03-31/functions/f/invocations', { 'x-amzn-trace-id': trace }, '{}')
  expect(body).toBe(trace)
})

test('the paths of the Invoke API are never a function’s; all others are', async () => {
  const { url } = await served({ f: 'export const handler = async ({ rawPath }) => ({ path: rawPath })' })
  for (const path of ['/2015-03-31/functions/f', '/2015-03-31/functions/f/invocations/x', '/2015-03-31/functions/'])
    expect(await raw(url, path)).toMatchObject({ status: 200, body: { path } })
})

test('what comes as an id from elsewhere is never believed', async () => {
  const { url } = await served({ f: 'export const handler = async (event, context) => context.awsRequestId' })
  const id = randomUUID()
  const { body } = await raw(url, '/2015-03-31/functions/f/invocations', { 'x-amzn-requestid': id }, '{}')
  expect(body).not.toBe(id)
})
