import { expect, test } from 'vitest'
import { type Sent, served } from '../testing.ts'
import type { FunctionUrlEvent } from './function-url.ts'

const echo = 'export const handler = async (event) => event'
const eventOf = ({ body }: Sent) => JSON.parse(body.toString()) as FunctionUrlEvent
const answers = (result: string) => `export const handler = async (event, context) => (${result})`

test('a bare GET: every field of the event', async () => {
  const { send, url } = await served(echo, { front: 'function-url' })
  const answer = await send('/')
  const { port } = new URL(url)
  expect(eventOf(answer)).toEqual({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: {
      'content-length': '0',
      host: `127.0.0.1:${port}`,
      'x-amzn-trace-id': answer.headers['x-amzn-trace-id'],
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      domainName: 'local.lambda-url.us-east-1.on.aws',
      domainPrefix: 'local',
      http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      requestId: answer.headers['x-amzn-requestid'],
      routeKey: '$default',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    isBase64Encoded: false,
  })
})

test('the path as it was sent, whatever the route; the query joined; cookies apart; who called', async () => {
  const { send } = await served(echo, {
    front: { type: 'function-url', authorizer: { iam: { userId: 'AIDA' } } },
    http: 'ANY /{first}/{rest+}',
  })
  const event = eventOf(await send('/a%20b/c%2Fd?a=1&a=%26', { headers: { Cookie: 'a=1; b=2' } }))
  expect(event).toMatchObject({
    routeKey: '$default',
    rawPath: '/a%20b/c%2Fd',
    rawQueryString: 'a=1&a=%26',
    queryStringParameters: { a: '1,&' },
    cookies: ['a=1', 'b=2'],
    requestContext: {
      accountId: '123456789012',
      authorizer: { iam: { userId: 'AIDA' } },
      http: { path: '/a%20b/c%2Fd' },
    },
  })
  expect(event).not.toHaveProperty('pathParameters')
})

test('the request id is that of the invocation', async () => {
  const { send } = await served(answers('[event.requestContext.requestId, context.awsRequestId]'), {
    front: 'function-url',
  })
  const { headers, body } = await send('/')
  expect(JSON.parse(body.toString())).toEqual([headers['x-amzn-requestid'], headers['x-amzn-requestid']])
})

test('a form comes as base64', async () => {
  const { send } = await served(echo, { front: 'function-url' })
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  expect(eventOf(await send('/', { method: 'POST', headers, body: 'a=1' }))).toMatchObject({
    body: 'YT0x',
    isBase64Encoded: true,
  })
})

test.each([
  ['{ id: 1 }', 200, 'application/json', '{"id":1}'],
  ["'Hello'", 200, 'application/json', 'Hello'],
  ["{ statusCode: 201, body: 'made' }", 201, 'application/json', 'made'],
  ["{ statusCode: 200, headers: { 'Content-Type': 'a/b' }, body: 'AP8=', isBase64Encoded: true }", 200, 'a/b', '\0ÿ'],
])('the result %s', async (result, status, type, body) => {
  const { send } = await served(answers(result), { front: 'function-url' })
  const answer = await send('/')
  expect([answer.status, answer.headers['content-type'], answer.body.toString('latin1')]).toEqual([status, type, body])
})

test('cookies of a result, and a header that comes under another name', async () => {
  const { send } = await served(
    answers("{ statusCode: 401, cookies: ['a=1', 'b=2'], headers: { 'WWW-Authenticate': 'Bearer' } }"),
    { front: 'function-url' },
  )
  const { headers } = await send('/')
  expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-amzn-remapped-www-authenticate': 'Bearer' })
  expect(headers).not.toHaveProperty('www-authenticate')
})

test('failures: 502 in plain words, 429 for a throttle, 413 above 6 MB', async () => {
  const source = `export const handler = async ({ rawPath }) => {
    if (rawPath === '/throw') throw new Error('secret')
    return rawPath === '/bad' ? { statusCode: 200, body: {} } : new Promise(() => setInterval(() => {}, 100)) }`
  const { send, events } = await served(source, { front: 'function-url', timeout: 1 })
  for (const path of ['/throw', '/bad', '/hang']) {
    const answer = await send(path)
    expect(answer).toMatchObject({ status: 502, body: Buffer.from('Internal Server Error') })
  }
  expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({ statusCode: 502 })
  const none = await served(echo, { front: 'function-url', reservedConcurrency: 0 })
  const throttled = await none.send('/')
  expect(throttled.status).toBe(429)
  expect(throttled.headers['x-amzn-errortype']).toBe('TooManyRequestsException')
  expect(JSON.parse(throttled.body.toString())).toMatchObject({ message: 'Rate Exceeded.' })
  const large = await none.send('/', { method: 'POST', body: Buffer.alloc(6_300_000) })
  expect(large.status).toBe(413)
})
