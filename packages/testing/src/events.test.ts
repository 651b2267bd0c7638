import { lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { describe, expect, test } from 'vitest'
import { albEvent, fakeContext, functionUrlEvent, httpApiEvent, readAnswer, restApiEvent } from './index.ts'

const full = {
  method: 'PUT',
  path: '/a%20b/c',
  query: { tag: ['x&y', 'z'], plus: 'a b' },
  headers: { 'X-Custom': 'One' },
  cookies: { a: '1', b: 'two words' },
  body: { quantity: 2 },
  ip: '198.51.100.7',
}
const builders = [
  ['httpApiEvent', httpApiEvent],
  ['functionUrlEvent', functionUrlEvent],
  ['restApiEvent', restApiEvent],
  ['albEvent', albEvent],
  ['albEvent, multi-value', (options: object) => albEvent({ ...options, multiValue: true })],
] as const

describe.each(builders)('%s', (name, build) => {
  test('says the same request to a function', async () => {
    const handler = lambda(http()).handle(({ request }) => {
      const { method, path, queries, headers, cookies, body, ip, contentType } = request
      return { method, path, queries, custom: headers['x-custom'], host: headers.host, cookies, body, ip, contentType }
    })
    const answer = readAnswer(await handler(build(full), fakeContext()))
    expect(answer.json()).toEqual({
      method: 'PUT',
      path: '/a%20b/c',
      queries: { tag: name === 'albEvent' ? ['z'] : ['x&y', 'z'], plus: ['a b'] },
      custom: 'One',
      host: expect.stringContaining('.'),
      cookies: { a: '1', b: 'two words' },
      body: { quantity: 2 },
      ip: '198.51.100.7',
      contentType: 'application/json',
    })
  })

  test('sends bytes in base64, and text as it is', async () => {
    const handler = lambda(http()).handle(({ request }) => [...request.bytes()])
    const sent = async (body: unknown) => readAnswer(await handler(build({ body }), fakeContext())).json()
    expect(await sent(new Uint8Array([0, 255]))).toEqual([0, 255])
    expect(await sent('hé')).toEqual([...Buffer.from('hé')])
  })

  test('refuses a typo, and a query in the path', () => {
    expect(() => build({ methd: 'GET' } as never)).toThrow('did you mean `method`?')
    expect(() => build({ path: '/a?b=1' })).toThrow('the query goes to `query`')
    expect(() => build({ path: 'a' })).toThrow('`path` begins with a slash')
  })

  test('is what JSON can carry', () => {
    const event = build(full)
    expect(JSON.parse(JSON.stringify(event))).toEqual(event)
  })
})

// The keys as the services send them: their documentation's samples.
test('HTTP APIs say what they say', () => {
  const event = httpApiEvent({ ...full, stage: 'prod', route: '/{x}/c', pathParameters: { x: 'a b' } })
  expect(Object.keys(event).sort()).toEqual(
    [
      'body',
      'cookies',
      'headers',
      'isBase64Encoded',
      'pathParameters',
      'queryStringParameters',
      'rawPath',
      'rawQueryString',
      'requestContext',
      'routeKey',
      'version',
    ].sort(),
  )
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'PUT /{x}/c',
    rawPath: '/prod/a b/c',
    rawQueryString: 'tag=x%26y&tag=z&plus=a+b',
    queryStringParameters: { tag: 'x&y,z', plus: 'a b' },
    cookies: ['a=1', 'b=two%20words'],
    headers: {
      'x-custom': 'One',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    pathParameters: { x: 'a b' },
    requestContext: {
      http: { method: 'PUT', path: '/prod/a b/c', sourceIp: '198.51.100.7' },
      stage: 'prod',
      routeKey: 'PUT /{x}/c',
    },
  })
  expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
  expect(functionUrlEvent(full)).toMatchObject({
    rawPath: '/a%20b/c',
    requestContext: { stage: '$default', domainName: expect.stringMatching(/\.on\.aws$/) },
  })
})

test('REST APIs say what they say', () => {
  const event = restApiEvent(full)
  expect(event).toMatchObject({
    resource: '/{proxy+}',
    path: '/a%20b/c',
    httpMethod: 'PUT',
    headers: { 'X-Custom': 'One', Cookie: 'a=1; b=two%20words' },
    multiValueHeaders: { 'X-Custom': ['One'] },
    queryStringParameters: { tag: 'z', plus: 'a b' },
    multiValueQueryStringParameters: { tag: ['x&y', 'z'], plus: ['a b'] },
    requestContext: { identity: { sourceIp: '198.51.100.7' }, stage: 'prod', path: '/prod/a%20b/c' },
  })
  expect(restApiEvent()).toMatchObject({ body: null, queryStringParameters: null, pathParameters: null })
})

test('load balancers say what they say', () => {
  expect(albEvent(full)).toMatchObject({
    queryStringParameters: { tag: 'z', plus: 'a%20b' },
    headers: { 'x-custom': 'One', cookie: 'a=1; b=two%20words' },
    isBase64Encoded: false,
  })
  const several = albEvent({ ...full, multiValue: true })
  expect(several).toMatchObject({
    multiValueQueryStringParameters: { tag: ['x%26y', 'z'] },
    multiValueHeaders: { 'x-custom': ['One'] },
  })
  expect(several).not.toHaveProperty('headers')
  expect(Object.keys(several.requestContext)).toEqual(['elb'])
})

test('what a client claims of its address comes first', () => {
  const event = httpApiEvent({ headers: { 'X-Forwarded-For': '203.0.113.9' }, ip: '198.51.100.7' })
  expect(event.headers['x-forwarded-for']).toBe('203.0.113.9, 198.51.100.7')
})

test('an answer is read from any shape', () => {
  expect(
    readAnswer({ statusCode: 200, headers: { 'X-A': 'b' }, cookies: ['a=1'], body: 'aGk=', isBase64Encoded: true }),
  ).toMatchObject({ status: 200, headers: { 'x-a': 'b' }, cookies: ['a=1'], body: 'hi' })
  expect(
    readAnswer({ statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-a': ['b', 'c'] } }),
  ).toMatchObject({ cookies: ['a=1', 'b=2'], headers: { 'x-a': 'b, c' }, body: '' })
  expect(readAnswer({ statusCode: 200, headers: { 'set-cookie': 'a=1', 'Set-cookie': 'b=2' } }).cookies).toEqual([
    'a=1',
    'b=2',
  ])
  expect(() => readAnswer({ body: 'x' })).toThrow('it has no statusCode')
  expect(() => readAnswer(undefined)).toThrow('it has no statusCode')
})
