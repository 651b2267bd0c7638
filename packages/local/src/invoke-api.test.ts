import { randomUUID } from 'node:crypto'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { expect, onTestFinished, test, vi } from 'vitest'
import { running, until } from './testing.ts'
import { credentials, invocable, json, raw, text } from './testing-aws.ts'

const echo = 'export const handler = async (event) => event'

test('RequestResponse: the event there and back, byte by byte; the request id is the one that the client sees', async () => {
  const { invoke } = await invocable({
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
  const { invoke } = await invocable({
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

test('environments from before there was an Invoke API end: at once, after INIT or after what they run', async () => {
  const source = `export const handler = ({ ms = 0 }) => new Promise(r =>
    setTimeout(r, ms, [process.pid, process.env.AWS_ENDPOINT_URL_LAMBDA ?? null]))`
  const { lambda, events } = await running({
    f: source,
    slow: `await new Promise(r => setTimeout(r, 500)); ${source}`,
  })
  const call = async (name: string, event = {}) => JSON.parse((await lambda.invoke(name, event)).payload) as unknown
  const busy = call('f', { ms: 500 })
  expect(await call('f')).toEqual([expect.any(Number), null])
  const warmed = lambda.warm('slow')
  const url = await lambda.listen()
  expect(await call('f')).toEqual([expect.any(Number), url])
  expect(await busy).toEqual([expect.any(Number), null])
  expect(await warmed).toMatchObject({ superseded: false })
  expect(await call('slow')).toEqual([expect.any(Number), url])
  await until(() => lambda.functions.every(({ environments }) => environments.length === 1))
  for (let i = 0; i < 3; i++) expect(await call('f')).toEqual([expect.any(Number), url])
  expect(events.filter(({ type }) => type === 'exit' || type === 'initError')).toEqual([])
})

test('the SDK finds it by AWS_ENDPOINT_URL_LAMBDA', async () => {
  const { url } = await invocable({ echo })
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
  const { invoke } = await invocable({
    arn: 'export const handler = async (event, context) => context.invokedFunctionArn',
  })
  const arn = `arn:aws:lambda:us-east-1:123456789012:function:${ends}`
  expect(json((await invoke(name)).Payload)).toBe(arn)
  const { Payload } = await invoke(name, { Qualifier: '$LATEST' })
  expect(json(Payload)).toBe(`${arn.replace(':$LATEST', '')}:$LATEST`)
})

test('DryRun: 204, and nothing runs', async () => {
  const { invoke, events } = await invocable({ f: echo })
  const { StatusCode, Payload, ExecutedVersion } = await invoke('f', { InvocationType: 'DryRun' })
  expect([StatusCode, text(Payload), ExecutedVersion]).toEqual([204, '', undefined])
  await expect(invoke('g', { InvocationType: 'DryRun' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  expect(events).toEqual([])
})

test('the end of the log: 4 KB in base64, START, what was written, END and REPORT, of this invocation alone', async () => {
  const { invoke } = await invocable({
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

test('the end of the log where many invocations write at once: each has its own', async () => {
  const { invoke, lambda } = await invocable({
    f: {
      source: `export const handler = async ({ n }) => {
        console.log('in', n); await new Promise(r => setTimeout(r, 100)); console.log('out', n) }`,
      environmentConcurrency: 5,
    },
  })
  await lambda.warm('f')
  await Promise.all(
    [1, 2, 3, 4, 5].map(async (n) => {
      const { LogResult, $metadata } = await invoke('f', { LogType: 'Tail', Payload: JSON.stringify({ n }) })
      const lines = Buffer.from(LogResult!, 'base64').toString().trimEnd().split('\n')
      expect(lines).toEqual([
        `START RequestId: ${$metadata.requestId} Version: $LATEST`,
        expect.stringContaining(`"in ${n}"`),
        expect.stringContaining(`"out ${n}"`),
        `END RequestId: ${$metadata.requestId}`,
        expect.stringContaining(`REPORT RequestId: ${$metadata.requestId}\tDuration: `),
      ])
    }),
  )
  expect(lambda.functions[0]!.environments).toHaveLength(1)
})

test('client context and tenant id reach the context; what is no context is refused', async () => {
  const { invoke } = await invocable({
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
  const { invoke } = await invocable({
    throws: "export const handler = async () => { throw new TypeError('wrong') }",
    exits: 'export const handler = async () => process.exit(3)',
    killed: "export const handler = async () => process.kill(process.pid, 'SIGKILL')",
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
  expect(await failure('killed')).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
  })
  expect(await failure('slow')).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/),
  })
  expect(await failure('large')).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' })
  expect(await failure('init')).toMatchObject({ errorType: 'RangeError', errorMessage: 'at load' })
})

test('the trace of the caller goes on', async () => {
  const { url } = await invocable({ f: 'export const handler = async () => process.env._X_AMZN_TRACE_ID' })
  const trace = 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c;Parent=53995c3f42cd8ad8;Sampled=1'
  const { body } = await raw(url, '/2015-03-31/functions/f/invocations', { 'x-amzn-trace-id': trace }, '{}')
  expect(body).toBe(trace)
})

test('the paths of the Invoke API are never a function’s; all others are', async () => {
  const { url } = await invocable({ f: 'export const handler = async ({ rawPath }) => ({ path: rawPath })' })
  for (const path of ['/2015-03-31/functions/f', '/2015-03-31/functions/f/invocations/x', '/2015-03-31/functions/'])
    expect(await raw(url, path)).toMatchObject({ status: 200, body: { path } })
})

test('what comes as an id from elsewhere is never believed', async () => {
  const { url } = await invocable({ f: 'export const handler = async (event, context) => context.awsRequestId' })
  const id = randomUUID()
  const { body } = await raw(url, '/2015-03-31/functions/f/invocations', { 'x-amzn-requestid': id }, '{}')
  expect(body).not.toBe(id)
})
