import { expect, test } from 'vitest'
import { type Sent, served } from '../testing.ts'
import type { RestApiEvent } from './rest-api.ts'

const echo = 'export const handler = async (event) => ({ body: JSON.stringify(event) })'
const eventOf = ({ body }: Sent) => JSON.parse(body.toString()) as RestApiEvent
const answers = (result: string) => `export const handler = async (event) => (${result})`

test('a bare GET: every field of the event', async () => {
  const { send, url } = await served(echo, { front: 'rest-api' })
  const answer = await send('/')
  const event = eventOf(answer)
  const { port } = new URL(url)
  const headers = {
    Host: `127.0.0.1:${port}`,
    'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    'X-Forwarded-For': '127.0.0.1',
    'X-Forwarded-Port': port,
    'X-Forwarded-Proto': 'http',
  }
  expect(event).toEqual({
    resource: '/',
    path: '/',
    httpMethod: 'GET',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      extendedRequestId: answer.headers['x-amz-apigw-id'],
      httpMethod: 'GET',
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '127.0.0.1',
        user: null,
        userAgent: null,
        userArn: null,
      },
      path: '/',
      protocol: 'HTTP/1.1',
      requestId: answer.headers['x-amzn-requestid'],
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
      resourceId: 'local',
      resourcePath: '/',
      stage: 'local',
    },
    body: null,
    isBase64Encoded: false,
  })
  expect(event.requestContext.requestId).toMatch(/^[\da-f-]{36}$/)
  expect(event.requestContext.extendedRequestId).toMatch(/^[\w+/]{15}=$/)
})

test('headers as the client spells them: the last, and all; none of the connection’s, no length', async () => {
  const { send } = await served(echo, { front: 'rest-api' })
  const headers = ['Host', 'api.example.com', 'X-A', '1', 'x-a', '2', 'accept', 'a/b', 'Connection', 'close']
  headers.push('Cookie', 'a=1; b=2', 'x-forwarded-for', '203.0.113.9', 'Content-Length', '2')
  const event = eventOf(await send('/x', { method: 'POST', headers, body: '{}' }))
  expect(event.headers).toMatchObject({ Host: 'api.example.com', 'X-A': '2', accept: 'a/b', Cookie: 'a=1; b=2' })
  expect(event.multiValueHeaders).toMatchObject({
    'X-A': ['1', '2'],
    'X-Forwarded-For': ['203.0.113.9, 127.0.0.1'],
  })
  const names = Object.keys(event.headers).map((name) => name.toLowerCase())
  for (const name of ['connection', 'content-length', 'transfer-encoding']) expect(names).not.toContain(name)
  expect(new Set(names).size).toBe(names.length)
  expect(Object.keys(event.multiValueHeaders)).toEqual(Object.keys(event.headers))
})

test('the query decoded, the last of each and all; the path as it was sent', async () => {
  const { send } = await served(echo, { front: 'rest-api' })
  const event = eventOf(await send('/a%20b/c%2Fd?a=1&a=2&b=%26%20c&d=x+y&e&__proto__=p'))
  expect(event).toMatchObject({
    resource: '/{proxy+}',
    path: '/a%20b/c%2Fd',
    pathParameters: { proxy: 'a%20b/c%2Fd' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['& c'], d: ['x y'], e: [''] },
    requestContext: { path: '/a%20b/c%2Fd', resourcePath: '/{proxy+}' },
  })
  expect(Object.entries(event.queryStringParameters!)).toEqual([
    ['a', '2'],
    ['b', '& c'],
    ['d', 'x y'],
    ['e', ''],
    ['__proto__', 'p'],
  ])
})

test('a stage stands before the path in the url, and only there', async () => {
  const { send } = await served(echo, {
    front: { type: 'rest-api', stage: 'prod', stageVariables: { table: 'orders' }, authorizer: { principalId: 'u-1' } },
    http: ['GET /orders/{id}', 'GET /'],
  })
  expect(eventOf(await send('/prod/orders/a%20b'))).toMatchObject({
    resource: '/orders/{id}',
    path: '/orders/a%20b',
    pathParameters: { id: 'a%20b' },
    stageVariables: { table: 'orders' },
    requestContext: { path: '/prod/orders/a%20b', stage: 'prod', authorizer: { principalId: 'u-1' } },
  })
  for (const path of ['/prod', '/prod/'])
    expect(eventOf(await send(path))).toMatchObject({ resource: '/', path: '/', requestContext: { path } })
  for (const path of ['/orders/1', '/prod/other', '/production', '/']) {
    const refused = await send(path)
    expect(refused).toMatchObject({ status: 403, body: Buffer.from('{"message":"Missing Authentication Token"}') })
    expect(refused.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException')
  }
})

const binary = Buffer.from([0, 255, 254, 10])

test.each([
  [undefined, 'application/octet-stream', binary.toString('utf8'), false],
  [['image/*'], 'image/png', binary.toString('base64'), true],
  [['image/*'], 'IMAGE/PNG; a=b', binary.toString('base64'), true],
  [['image/*'], 'application/json', binary.toString('utf8'), false],
  [['application/zip'], 'application/zip', binary.toString('base64'), true],
  [['*/*'], 'text/plain', binary.toString('base64'), true],
])('with the binary types %j a body of type %s', async (binaryMediaTypes, type, body, isBase64Encoded) => {
  const { send } = await served(echo, {
    front: { type: 'rest-api', ...(binaryMediaTypes ? { binaryMediaTypes } : {}) },
  })
  const event = eventOf(await send('/', { method: 'POST', headers: { 'Content-Type': type }, body: binary }))
  expect([event.body, event.isBase64Encoded]).toEqual([body, isBase64Encoded])
})

test.each([
  [undefined, '*/*', 'AP/+Cg=='],
  [['image/*'], 'image/png, text/html', binary.toString('latin1')],
  [['image/*'], 'text/html, image/png', 'AP/+Cg=='],
  [['image/*'], undefined, 'AP/+Cg=='],
  [['*/*'], undefined, binary.toString('latin1')],
])('with the binary types %j an answer in base64 for a client that accepts %s', async (types, accept, body) => {
  const { send } = await served(answers("{ statusCode: 200, body: 'AP/+Cg==', isBase64Encoded: true }"), {
    front: { type: 'rest-api', ...(types ? { binaryMediaTypes: types } : {}) },
  })
  expect((await send('/', { headers: accept ? { accept } : {} })).body.toString('latin1')).toBe(body)
})

test('headers of a result: one value, several, both; what API Gateway renames', async () => {
  const { send } = await served(
    answers(`{ statusCode: '201', body: 'made',
      headers: { 'X-A': 'a', 'x-b': 'same', 'WWW-Authenticate': 'Bearer', Date: 'today', 'Content-Length': '99' },
      multiValueHeaders: { 'X-a': ['b', 'c'], 'X-B': ['same'], 'Set-Cookie': ['a=1', 'b=2'] } }`),
    { front: 'rest-api' },
  )
  const { status, headers, body } = await send('/')
  expect([status, body.toString()]).toEqual([201, 'made'])
  expect(headers).toMatchObject({
    'x-a': 'a, b, c',
    'x-b': 'same',
    'set-cookie': ['a=1', 'b=2'],
    'content-type': 'application/json',
    'content-length': '4',
    'x-amzn-remapped-www-authenticate': 'Bearer',
    'x-amzn-remapped-date': 'today',
    'x-amzn-trace-id': expect.stringMatching(/^Root=/),
  })
  expect(headers).not.toHaveProperty('www-authenticate')
})

test.each([
  ['null', 'it is no object'],
  ["'Hello'", 'it is no object'],
  ['[1]', 'it is no object'],
  ["{ statusCode: 200, body: 'x', cookies: ['a=1'] }", '`cookies` is nothing that a REST API knows'],
  ['{ id: 1 }', '`id` is nothing that a REST API knows'],
  ["{ statusCode: 'abc' }", 'statusCode must be a number'],
  ['{ statusCode: 200, body: { a: 1 } }', 'body must be a text, got object'],
  ["{ statusCode: 200, headers: { a: ['1'] } }", 'header a must be a text'],
  ["{ statusCode: 200, multiValueHeaders: { a: '1' } }", 'multiValueHeaders.a must be a list'],
  ["{ statusCode: 200, headers: { 'x-a': 'b\\r\\nset-cookie: evil=1' } }", 'header "x-a" has characters'],
])('the malformed result %s is 502, and says why', async (result, reason) => {
  const { send, events } = await served(answers(result), { front: 'rest-api' })
  const answer = await send('/')
  expect(answer).toMatchObject({ status: 502, body: Buffer.from('{"message":"Internal server error"}') })
  expect(answer.headers['content-type']).toBe('application/json')
  expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({
    statusCode: 502,
    reason: expect.stringContaining(reason),
  })
})

test('a failure is 502, a timeout 504, a throttle 500', async () => {
  const source = `export const handler = ({ path }) => { if (path === '/throw') throw new Error('secret')
    return new Promise(() => setInterval(() => {}, 100)) }`
  const { send } = await served(source, { front: 'rest-api', timeout: 1 })
  const internal = Buffer.from('{"message":"Internal server error"}')
  expect(await send('/throw')).toMatchObject({ status: 502, body: internal })
  expect(await send('/hang')).toMatchObject({
    status: 504,
    body: Buffer.from('{"message":"Endpoint request timed out"}'),
  })
  const none = await served(echo, { front: 'rest-api', reservedConcurrency: 0 })
  expect(await none.send('/')).toMatchObject({ status: 500, body: internal })
})

test('more than 10 MB, or than Lambda takes, is 413', async () => {
  const { send } = await served(echo, { front: 'rest-api' })
  for (const size of [6_300_000, 11_000_000]) {
    const body = Buffer.alloc(size, 'x')
    expect(await send('/', { method: 'POST', body })).toMatchObject({ status: 413 })
  }
})
