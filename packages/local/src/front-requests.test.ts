import { expect, test } from 'vitest'
import type { HttpApiEvent } from './fronts/http-api.ts'
import { type Sent, served } from './testing.ts'

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
