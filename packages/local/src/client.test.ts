import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localLambda } from './local.ts'
import { running, taskRoot, until } from './testing.ts'

const payload = (result: { payload: string }) => JSON.parse(result.payload) as never

test.each([
  ['a.handler', { 'a.mjs': "export const handler = () => 'mjs'" }, 'mjs'],
  ['a.handler', { 'a.cjs': "exports.handler = () => 'cjs'" }, 'cjs'],
  ['a.handler', { 'a.js': "exports.handler = () => 'js'", 'a.mjs': "export const handler = () => 'mjs'" }, 'js'],
  ['a.handler', { 'a.js': "export const handler = () => 'esm'", 'package.json': '{"type":"module"}' }, 'esm'],
  ['a.api.get', { 'a.mjs': "export const api = { get: () => 'nested' }" }, 'nested'],
  ['a.handler', { 'a.mjs': "export default { handler: () => 'of the default export' }" }, 'of the default export'],
  ['a.default', { 'a.mjs': "export default () => 'the default export'" }, 'the default export'],
  ['deep/er/a.handler', { 'deep/er/a.mjs': "export const handler = () => 'in folders'" }, 'in folders'],
  [
    'a.handler',
    { 'a.mjs': "export const handler = await Promise.resolve(() => 'after a top-level await')" },
    'after a top-level await',
  ],
  ['a.handler', { 'node_modules/a/index.js': "exports.handler = () => 'a package'" }, 'a package'],
])('the handler %s of %o', async (handler, files, expected) => {
  const code = await taskRoot({})
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(code, name, '..'), { recursive: true })
    await writeFile(join(code, name), text)
  }
  await using lambda = localLambda({ functions: { f: { code, handler } } })
  expect(payload(await lambda.invoke('f'))).toBe(expected)
})

test('the context', async () => {
  const { lambda } = await running(
    {
      orders: {
        source: `export const handler = async (event, context) => ({
          event, context, left: context.getRemainingTimeInMillis(), keys: Object.keys(context), trace: process.env._X_AMZN_TRACE_ID,
          store: { id: awslambda.InvokeStore.getRequestId(), trace: awslambda.InvokeStore.getXRayTraceId() } })`,
        timeout: 20,
        memory: 256,
      },
    },
    { region: 'eu-west-1' },
  )
  const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
  const result = await lambda.invoke(
    'orders',
    { sku: 'ü\u2028' },
    { clientContext: { client: { a: 1 } }, tenantId: 't-1', traceId },
  )
  const { event, context, left, keys, trace, store } = payload(result) as Record<string, never>
  expect(event).toEqual({ sku: 'ü\u2028' })
  expect(context).toEqual({
    awsRequestId: result.requestId,
    functionName: 'orders',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/orders',
    logStreamName: expect.stringMatching(/\[\$LATEST\]/),
    clientContext: { client: { a: 1 } },
    tenantId: 't-1',
    xRayTraceId: traceId,
  })
  expect(left).toBeGreaterThan(15_000)
  expect(left).toBeLessThanOrEqual(20_000)
  expect(trace).toBe(traceId)
  expect(store).toEqual({ id: result.requestId, trace: traceId })
  for (const gone of ['done', 'fail', 'succeed', 'callbackWaitsForEmptyEventLoop']) expect(keys).not.toContain(gone)
  const { trace: next } = payload(await lambda.invoke('orders')) as { trace: string }
  expect(next).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/)
})

test('console as text: time, request, level, message; what was written at INIT has no request', async () => {
  const { lambda, events, logs } = await running({
    f: `console.log('at init')
      export const handler = async () => {
        console.log('%s is %d', 'a', 1, { b: [1] })
        console.info('two\\nlines'); console.warn('w'); console.error(new Error('e').message); console.debug('d'); console.trace('t'); console.fatal('f')
        process.stdout.write('raw\\n'); process.stderr.write('to stderr\\n')
      }`,
  })
  const { requestId } = await lambda.invoke('f')
  await until(() => events.some(({ type }) => type === 'report') && logs().includes('to stderr'))
  const stripped = logs().map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, 'TIME'))
  expect(stripped[0]).toBe('TIME\t-\tINFO\tat init')
  const levels = stripped.filter((line) => line.includes(requestId))
  expect(levels).toEqual(
    ['INFO\ta is 1 { b: [ 1 ] }', 'INFO\ttwo\nlines', 'WARN\tw', 'ERROR\te', 'DEBUG\td', 'TRACE\tt', 'FATAL\tf'].map(
      (rest) => `TIME\t${requestId}\t${rest}`,
    ),
  )
  expect(stripped).toContain('raw')
  const of = events.flatMap((event) => (event.type === 'log' ? [event.requestId] : []))
  expect(of[0]).toBeUndefined()
  expect(of.slice(1).every((id) => id === requestId)).toBe(true)
})

test('console as JSON, from a level on', async () => {
  const { lambda, events, logs } = await running({
    f: {
      source: `export const handler = async () => {
        console.debug('not this'); console.info({ order: 7 }); console.warn('%s!', 'w', new TypeError('bad')); console.error(new RangeError('far'))
        const circle = {}; circle.self = circle; console.info(circle)
      }`,
      logFormat: 'JSON',
      logLevel: 'INFO',
    },
  })
  const { requestId } = await lambda.invoke('f', {}, { tenantId: 't-1' })
  await until(() => events.some(({ type }) => type === 'report'))
  const entries = logs().map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(entries).toMatchObject([
    { level: 'INFO', message: { order: 7 } },
    {
      level: 'WARN',
      message: expect.stringMatching(/^w! TypeError: bad/),
      errorType: 'TypeError',
      errorMessage: 'bad',
      stackTrace: expect.any(Array),
    },
    { level: 'ERROR', message: { errorType: 'RangeError', errorMessage: 'far', stackTrace: expect.any(Array) } },
    { level: 'INFO', message: expect.stringContaining('[Circular *1]') },
  ])
  for (const entry of entries) {
    expect(entry).toMatchObject({ requestId, tenantId: 't-1' })
    expect(entry.timestamp).toMatch(/^\d{4}-\d\d-\d\dT/)
  }
})

test('much output comes whole and before END', async () => {
  const { lambda, events, logs } = await running({
    f: "export const handler = async () => { for (let i = 0; i < 3000; i++) console.log(String(i).padStart(100, 'ä')) }",
  })
  await lambda.invoke('f')
  await until(() => events.some(({ type }) => type === 'report'))
  expect(logs()).toHaveLength(3000)
  expect(logs().at(-1)).toMatch(/ä2999$/)
  expect(events.findIndex(({ type }) => type === 'end')).toBe(events.findLastIndex(({ type }) => type === 'log') + 1)
})

test('nothing that was written is lost when the process exits', async () => {
  const { lambda, logs } = await running({
    f: 'export const handler = async () => { for (let i = 0; i < 3000; i++) console.log(String(i).padStart(100)); process.exit(1) }',
  })
  expect((await lambda.invoke('f')).functionError).toBe('Unhandled')
  expect(logs()).toHaveLength(3000)
})

test('timers and sockets left open hold up nothing, and go on in the next invocation', async () => {
  const { lambda } = await running({
    f: 'let ticks = 0; setInterval(() => ticks++, 5); export const handler = async () => ticks',
  })
  const first = payload(await lambda.invoke('f')) as number
  await until(async () => (payload(await lambda.invoke('f')) as number) > first)
})

test('the routes of a handler that brings some', async () => {
  const routes = [
    { method: 'GET', path: '/orders/{id}' },
    { method: 'POST', path: '/orders' },
  ]
  const { lambda, events } = await running({
    orders: `export const handler = async () => 1; handler[Symbol.for('fnware.routes')] = ${JSON.stringify(routes)}`,
    plain: 'export const handler = async () => 1',
  })
  expect(await lambda.warm('orders')).toMatchObject({ routes })
  expect(await lambda.warm('plain')).toMatchObject({ routes: undefined })
  expect(lambda.functions.map((each) => each.routes)).toEqual([routes, undefined])
  expect(events.find((event) => event.type === 'init')).toMatchObject({ function: 'orders', routes })
})

test('a streamed answer comes whole; its error, even after the first byte, is a failure', async () => {
  const { lambda } = await running({
    whole: `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 })
      stream.write('one '); await new Promise(r => setTimeout(r, 10)); stream.write('two'); stream.end() })`,
    late: "export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('one'); throw new TypeError('late') })",
    early: "export const handler = awslambda.streamifyResponse(async () => { throw new TypeError('early') })",
  })
  expect((await lambda.invoke('whole')).payload).toBe(`{"statusCode":201}${'\0'.repeat(8)}one two`)
  for (const name of ['late', 'early']) {
    const result = await lambda.invoke(name)
    expect(result.functionError).toBe('Unhandled')
    expect(payload(result)).toMatchObject({ errorType: 'TypeError', errorMessage: name })
    await lambda.invoke(name)
    expect(lambda.functions.find((each) => each.name === name)!.environments).toHaveLength(1)
  }
})
