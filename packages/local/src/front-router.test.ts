import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Concurrency } from './concurrency.ts'
import { ownRuntime } from './environment.ts'
import type { LambdaEvent } from './events.ts'
import { FrontRouter } from './front-router.ts'
import { LambdaFunction } from './function.ts'
import { InvokeApi } from './invoke-api.ts'
import { LocalServer } from './server.ts'
import { running, send, served, taskRoot, until } from './testing.ts'
import { Tracing } from './tracing/tracing.ts'

const echo = 'export const handler = async (event) => event'

test('a failure is 500, a timeout 503, and neither tells the client anything', async () => {
  const { send } = await served(
    `export const handler = ({ rawPath }) => { if (rawPath === '/throw') throw new Error('secret'); return new Promise(() => setInterval(() => {}, 100)) }`,
    { timeout: 1 },
  )
  expect(await send('/throw')).toMatchObject({ status: 500, body: Buffer.from('{"message":"Internal Server Error"}') })
  expect(await send('/hang')).toMatchObject({ status: 503, body: Buffer.from('{"message":"Service Unavailable"}') })
})

test('what takes longer than API Gateway waits is 503, and runs on', async () => {
  const code = await taskRoot({
    'index.mjs':
      "export const handler = async () => { await new Promise(r => setTimeout(r, 600)); console.log('done') }",
  })
  const events: LambdaEvent[] = []
  const emit = (event: LambdaEvent) => events.push(event)
  const endpoint = () => undefined
  const tracing = new Tracing(emit)
  const concurrency = new Concurrency(10, new Map())
  const settings = {
    name: 'f',
    region: 'us-east-1',
    runtime: ownRuntime,
    initLimit: 10_000,
    idleLimit: 60_000,
    concurrency,
    endpoint,
    tracing,
    emit,
  }
  const slow = new LambdaFunction({ code, handler: 'index.handler' }, settings)
  const front = new LocalServer(new FrontRouter(new Map([['f', slow]]), emit, 300), new InvokeApi(() => slow))
  onTestFinished(async () => {
    await front.close()
    await slow.close()
    await tracing.close()
  })
  await slow.warm()
  const answer = await send(await front.listen(0, '127.0.0.1'), '/')
  expect(answer).toMatchObject({ status: 503, body: Buffer.from('{"message":"Service Unavailable"}') })
  await until(() => events.some((event) => event.type === 'report' && event.status === 'success'))
})

test('the trace that the front tells of is the one that the function is in', async () => {
  const { send } = await served(
    "export const handler = async (event) => [event.headers['x-amzn-trace-id'], process.env._X_AMZN_TRACE_ID]",
  )
  const given = 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c;Sampled=1'
  for (const [headers, root, sampled] of [
    [{}, 'Root=1-[0-9a-f]{8}-[0-9a-f]{24}', 0],
    [{ 'X-Amzn-Trace-Id': given }, 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c', 1],
  ] as const) {
    const [told, own] = JSON.parse((await send('/', { headers })).body.toString()) as [string, string]
    expect(own).toMatch(new RegExp(`^${root};Parent=[0-9a-f]{16};Sampled=${sampled}$`))
    expect(own.split(';')[0]).toBe(told.split(';')[0])
  }
})

test('a throttle is 503', async () => {
  const { send, events } = await served(echo, { reservedConcurrency: 0 })
  expect(await send('/')).toMatchObject({ status: 503, body: Buffer.from('{"message":"Service Unavailable"}') })
  expect(events).toMatchObject([{ type: 'throttle', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' }])
})

test('an error that merely speaks of a timeout is 500', async () => {
  const { send } = await served(`export const handler = async () => { throw new Error('"Sandbox.Timedout"') }`)
  expect((await send('/')).status).toBe(500)
})

test('requests on one connection, one after another and pipelined', async () => {
  const { url } = await served('export const handler = async ({ rawPath }) => ({ statusCode: 200, body: rawPath })')
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write('GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(() => text.includes('/two'))
  socket.write('GET /three HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(() => text.includes('/three'))
  expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
  expect(text.indexOf('/one')).toBeLessThan(text.indexOf('/two'))
  socket.destroy()
})

test('a client that goes away, before or after its body, breaks nothing: the invocation runs on', async () => {
  const { send, url, logs } = await served(
    "export const handler = async () => { await new Promise(r => setTimeout(r, 100)); console.log('done'); return 1 }",
  )
  for (const text of [
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf',
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'garbage\r\n\r\n',
  ]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(text)
    await new Promise((later) => setTimeout(later, 30))
    socket.destroy()
  }
  await until(() => logs().filter((line) => line.endsWith('done')).length === 1)
  expect((await send('/')).status).toBe(200)
})

test('several functions: each by its routes, 404 for the rest', async () => {
  const of = (name: string) =>
    `export const handler = async (event) => ({ name: '${name}', key: event.routeKey, context: event.requestContext.routeKey, parameters: event.pathParameters })`
  const { lambda } = await running({
    orders: { source: of('orders'), http: '/orders' },
    pets: { source: of('pets'), http: ['GET /pets/{id}', 'POST /pets'] },
    hidden: of('hidden'),
    off: { source: of('off'), http: false },
  })
  const url = await lambda.listen()
  const get = async (path: string, method = 'GET') => {
    const answer = await send(url, path, { method })
    return [answer.status, JSON.parse(answer.body.toString())]
  }
  const key = (name: string, key: string, parameters?: object) => [
    200,
    { name, key, context: key, ...(parameters ? { parameters } : {}) },
  ]
  expect(await get('/orders')).toEqual(key('orders', 'ANY /orders'))
  expect(await get('/orders/1/lines%2F2', 'PATCH')).toEqual(
    key('orders', 'ANY /orders/{proxy+}', { proxy: '1/lines/2' }),
  )
  expect(await get('/pets/a%20b')).toEqual(key('pets', 'GET /pets/{id}', { id: 'a b' }))
  expect(await get('/pets', 'POST')).toEqual(key('pets', 'POST /pets'))
  for (const [path, method] of [
    ['/pets', 'GET'],
    ['/pets/1', 'DELETE'],
    ['/hidden', 'GET'],
    ['/', 'GET'],
  ] as const)
    expect(await get(path, method)).toEqual([404, { message: 'Not Found' }])
})

test('a port in use says so; every address can be listened on', async () => {
  const { url } = await served(echo)
  const taken = Number(new URL(url).port)
  const { lambda } = await running({ f: echo }, { port: taken })
  await expect(lambda.listen()).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `port ${taken} of 127.0.0.1 is in use: give another, or 0 for any free one`,
  })
  const { lambda: open } = await running({ f: echo }, { host: '0.0.0.0' })
  expect((await send(await open.listen(), '/')).status).toBe(200)
})
