import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Concurrency } from './concurrency.ts'
import { ownRuntime } from './environment.ts'
import type { LambdaEvent } from './events.ts'
import { FrontRouter } from './front-router.ts'
import type { HttpApiEvent } from './fronts/http-api.ts'
import { LambdaFunction } from './function.ts'
import { InvokeApi } from './invoke-api.ts'
import { LocalServer } from './server.ts'
import { running, type Sent, send, served, taskRoot, until } from './testing.ts'

const echo = 'export const handler = async (event) => event'

const eventOf = ({ body }: Sent) => JSON.parse(body.toString()) as HttpApiEvent

test('a bare GET: every field of the event', async () => {
  const { send, url } = await served(echo)
  const before = Date.now()
  const answer = await send('/')
  const event = eventOf(answer)
  const { port } = new URL(url)
  expect(event).toEqual({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: {
      'content-length': '0',
      host: `127.0.0.1:${port}`,
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      requestId: answer.headers['apigw-requestid'],
      routeKey: '$default',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    isBase64Encoded: false,
  })
  expect(event.requestContext.timeEpoch).toBeGreaterThanOrEqual(before)
  expect(event.requestContext.requestId).toMatch(/^[\w+/]{15}=$/)
})

test('headers: lower-cased, joined by commas, cookies apart, none of the connection’s', async () => {
  const { send } = await served(echo)
  const headers = ['Host', 'api.example.com:8080', 'X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b=2', 'Cookie', 'c=3']
  headers.push(
    'X-Forwarded-For',
    '203.0.113.9',
    'X-Forwarded-Proto',
    'https',
    'User-Agent',
    'test/1',
    'X-Latin',
    'caf\xe9',
  )
  headers.push(
    'Connection',
    'keep-alive',
    'TE',
    'trailers',
    'X-Amzn-Trace-Id',
    'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c',
  )
  const event = eventOf(await send('/x', { headers }))
  expect(event.headers).toMatchObject({
    'x-a': '1,2',
    'x-latin': 'caf\xe9',
    'user-agent': 'test/1',
    'x-forwarded-for': '203.0.113.9, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-amzn-trace-id': 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c',
  })
  expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3'])
  for (const name of ['cookie', 'connection', 'te']) expect(event.headers).not.toHaveProperty(name)
  expect(event.requestContext).toMatchObject({
    domainName: 'api.example.com',
    domainPrefix: 'api',
    http: { userAgent: 'test/1' },
  })
})

test.each([
  ['/a%20b/caf%C3%A9?x=1', { rawPath: '/a b/café', rawQueryString: 'x=1', queryStringParameters: { x: '1' } }],
  ['/a%2Fb', { rawPath: '/a/b', rawQueryString: '' }],
  ['/a%3Fb/c?d=1', { rawPath: '/a', rawQueryString: 'd=1' }],
  ['/100%', { rawPath: '/100%' }],
  ['//a//b/', { rawPath: '//a//b/' }],
  [
    '/?a=1&a=2&b=%26%20c&d=x+y&e',
    { rawQueryString: 'a=1&a=2&b=%26%20c&d=x+y&e', queryStringParameters: { a: '1,2', b: '& c', d: 'x y', e: '' } },
  ],
  ['/?__proto__=1&constructor=2', { rawQueryString: '__proto__=1&constructor=2' }],
  ['http://else.where/p?q=1', { rawPath: '/p', rawQueryString: 'q=1' }],
])('path and query of %s', async (path, expected) => {
  const { send } = await served(echo)
  const answer = await send(path)
  expect(eventOf(answer)).toMatchObject(expected)
  expect(eventOf(answer).requestContext.http.path).toBe(eventOf(answer).rawPath)
  if (path.includes('__proto__'))
    expect(answer.body.toString()).toContain('"queryStringParameters":{"__proto__":"1","constructor":"2"}')
  if (!path.includes('?')) expect(eventOf(answer)).not.toHaveProperty('queryStringParameters')
})

const binary = Buffer.from([0, 255, 254, 10])
test.each([
  ['application/json', Buffer.from('{"a":"ü"}'), false],
  ['application/problem+json; charset=utf-8', Buffer.from('{}'), false],
  ['application/xml', Buffer.from('<a/>'), false],
  ['image/svg+xml', Buffer.from('<svg/>'), true],
  ['application/javascript', Buffer.from('1'), false],
  ['TEXT/csv', Buffer.from('a;b'), false],
  // As an HTTP API does, unlike a REST API: a form comes as base64.
  ['application/x-www-form-urlencoded', Buffer.from('a=1'), true],
  ['multipart/form-data; boundary=x', Buffer.from('--x--'), true],
  ['application/octet-stream', binary, true],
  [undefined, Buffer.from('plain'), true],
  ['text/plain', binary, true],
])('a body of type %s comes through byte by byte', async (type, body, base64) => {
  const { send } = await served(echo)
  const event = eventOf(await send('/', { method: 'POST', headers: type ? { 'Content-Type': type } : {}, body }))
  expect(event.isBase64Encoded).toBe(base64)
  expect(Buffer.from(event.body!, base64 ? 'base64' : 'utf8')).toEqual(body)
  expect(event.headers['content-length']).toBe(String(body.length))
})

test('a body in chunks has its length', async () => {
  const { send } = await served(echo)
  const headers = { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' }
  const event = eventOf(await send('/', { method: 'PUT', headers, body: 'hello' }))
  expect(event).toMatchObject({
    body: 'hello',
    headers: { 'content-length': '5' },
    requestContext: { http: { method: 'PUT' } },
  })
  expect(event.headers).not.toHaveProperty('transfer-encoding')
})

test('large bodies: 5 MB pass; more than Lambda or API Gateway take is 413, and the next request works', async () => {
  const { send } = await served(
    'export const handler = async ({ body }) => ({ statusCode: 200, body: String(body.length) })',
  )
  const post = (size: number) =>
    send('/', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: Buffer.alloc(size, 'x') })
  expect((await post(5_000_000)).body.toString()).toBe('5000000')
  for (const size of [6_300_000, 12_000_000]) {
    const refused = await post(size)
    expect(refused.status).toBe(413)
    expect(refused.body.toString()).toBe('{"message":"Request Entity Too Large"}')
  }
  expect((await post(1)).body.toString()).toBe('1')
})

test.each([
  ['{ id: 1 }', 200, 'application/json', '{"id":1}'],
  ["'Hello'", 200, 'application/json', 'Hello'],
  ['[1, 2]', 200, 'application/json', '[1,2]'],
  ['null', 200, 'application/json', 'null'],
  ['undefined', 200, 'application/json', 'null'],
  ["{ statusCode: 201, body: 'made' }", 201, 'text/plain;charset=UTF-8', 'made'],
  ['{ statusCode: 404 }', 404, 'text/plain;charset=UTF-8', ''],
  ["{ statusCode: '202', headers: { 'Content-Type': 'text/html' }, body: '<p>' }", 202, 'text/html', '<p>'],
  [
    "{ statusCode: 200, body: 'AP/+Cg==', isBase64Encoded: true }",
    200,
    'text/plain;charset=UTF-8',
    binary.toString('latin1'),
  ],
])('the result %s', async (result, status, type, body) => {
  const { send } = await served(`export const handler = async () => (${result})`)
  const answer = await send('/')
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe(type)
  expect(answer.body.toString('latin1')).toBe(body)
  expect(answer.headers['content-length']).toBe(String(answer.body.length))
})

test('headers and cookies of a result', async () => {
  const { send } = await served(`export const handler = async () => ({ statusCode: 200, cookies: ['a=1; Path=/', 'b=2'],
    headers: { 'X-Number': 7, 'X-Bool': true, 'X-Latin': 'caf\\xe9', 'Set-Cookie': 'c=3', 'Content-Length': '999', 'Transfer-Encoding': 'chunked', Connection: 'close', 'X-None': null } })`)
  const { headers } = await send('/')
  expect(headers).toMatchObject({
    'x-number': '7',
    'x-bool': 'true',
    'x-latin': 'caf\xe9',
    'content-length': '0',
    connection: 'keep-alive',
  })
  expect(headers['set-cookie']).toEqual(['c=3', 'a=1; Path=/', 'b=2'])
  expect(headers).not.toHaveProperty('x-none')
  expect(headers).not.toHaveProperty('transfer-encoding')
})

test.each([
  ["{ statusCode: 'abc' }", 'statusCode'],
  ['{ statusCode: 99 }', 'statusCode'],
  ['{ statusCode: 200, body: { a: 1 } }', 'body must be a text, got object'],
  ["{ statusCode: 200, headers: 'x' }", 'headers must be an object'],
  ["{ statusCode: 200, headers: { a: ['1'] } }", 'header a must be a text'],
  ["{ statusCode: 200, headers: { 'x-a': 'b\\r\\nset-cookie: evil=1' } }", 'header "x-a" has characters'],
  ["{ statusCode: 200, headers: { 'x a': '1' } }", 'header "x a" has characters'],
  ["{ statusCode: 200, headers: { 'x-a': '\\u20ac' } }", 'header "x-a" has characters'],
  ["{ statusCode: 200, cookies: 'a=1' }", 'cookies must be a list'],
  ["{ statusCode: 200, cookies: ['a=1\\n'] }", 'a cookie has characters'],
])('the malformed result %s is 500, and says why', async (result, reason) => {
  const { send, events } = await served(`export const handler = async () => (${result})`)
  const answer = await send('/')
  expect(answer.status).toBe(500)
  expect(answer.body.toString()).toBe('{"message":"Internal Server Error"}')
  expect(answer.headers).not.toHaveProperty('set-cookie')
  expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({ reason: expect.stringContaining(reason) })
})

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
  const concurrency = new Concurrency(10, new Map())
  const settings = {
    name: 'f',
    region: 'us-east-1',
    runtime: ownRuntime,
    initLimit: 10_000,
    idleLimit: 60_000,
    concurrency,
    endpoint,
    emit,
  }
  const slow = new LambdaFunction({ code, handler: 'index.handler' }, settings)
  const front = new LocalServer(new FrontRouter(new Map([['f', slow]]), emit, 300), new InvokeApi(() => slow))
  onTestFinished(async () => {
    await front.close()
    await slow.close()
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

test('HEAD, 204 and 304 have no body', async () => {
  const { send } = await served(
    "export const handler = async ({ rawPath }) => ({ statusCode: Number(rawPath.slice(1)), body: 'text' })",
  )
  const head = await send('/200', { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  expect(head.headers['content-length']).toBe('4')
  for (const status of [204, 304]) {
    const answer = await send(`/${status}`)
    expect(answer).toMatchObject({ status, body: Buffer.alloc(0) })
    expect(answer.headers).not.toHaveProperty('content-length')
  }
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
