import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { limit } from '../../test/limit.ts'
import { alb, albMulti, formats, functionUrl, httpApi, restApi } from '../../test/requests.ts'
import { seen } from '../../test/seen.ts'
import { type HttpEvent, type HttpRequest, http, reply } from '../index.ts'

/** An event with some of it changed: what a service sends and the builders leave out. */
const but = (event: HttpEvent, changes: object): HttpEvent => ({ ...event, ...changes }) as HttpEvent
const path = ({ path }: HttpRequest) => path
const cookies = ({ cookies }: HttpRequest) => ({ ...cookies })
const headers = ({ headers }: HttpRequest) => ({ ...headers })
const queries = ({ queries, query }: HttpRequest) => [{ ...queries }, { ...query }]

describe.each(formats)('%s', (_, format) => {
  test('may say nothing but what is asked for', async () => {
    const empty = await seen(format({}), ({ query, queries, cookies, params, body, contentType }) => ({
      ...{ query: { ...query }, queries: { ...queries }, cookies: { ...cookies }, params, body, contentType },
    }))
    expect(empty).toEqual({ query: {}, queries: {}, cookies: {}, params: {}, body: undefined, contentType: undefined })
  })

  test('is recognised', () => {
    expect(http().is?.(format({}))).toBe(true)
  })
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', 'GET /'],
  ['an empty object', {}],
  ['a version alone', { version: '2.0' }],
  ['a version of something else', { version: '2.0', requestContext: {} }],
  ['the same without a method', { version: '2.0', requestContext: { http: {} } }],
  ['another version', { version: '3.0', requestContext: { http: { method: 'GET' } } }],
  ['a method alone', { httpMethod: 'GET' }],
  ['a load balancer without a method', { requestContext: { elb: {} } }],
  [
    'what a REST API asks its authorizer',
    { type: 'REQUEST', methodArn: 'arn', httpMethod: 'GET', path: '/', requestContext: { identity: {} } },
  ],
  [
    'what an HTTP API asks its authorizer',
    { type: 'REQUEST', version: '2.0', routeArn: 'arn', rawPath: '/', requestContext: { http: { method: 'GET' } } },
  ],
  ['a gateway without a method', { requestContext: { identity: {} } }],
])('%s is recognised as no request', (_, event) => {
  expect(http().is?.(event)).toBe(false)
})

test('an event that is none is shown in part, however long it is', async () => {
  const handler = lambda(http()).handle(() => 1)
  const error = await handler('x'.repeat(5000) as never, fakeContext()).catch((error: Error) => error.message)
  expect(error).toBe(
    `http() was given no HTTP request of API Gateway, a function URL or a load balancer, but ${'x'.repeat(200)}: is another service invoking this function?`,
  )
  const keys = await handler({ Records: [], version: '2.0' } as never, fakeContext()).catch((e: Error) => e.message)
  expect(keys).toMatch('but an object with the keys Records, version: is another service')
})

describe('HTTP APIs', () => {
  const at = (rawPath: string, context: object) => {
    const event = httpApi({}) as Extract<HttpEvent, { rawPath: string }>
    return but(event, { rawPath, requestContext: { ...event.requestContext, ...context } })
  }

  test('put a named stage before the path on their own domain, and there alone', async () => {
    expect(await seen(at('/prod/orders', { stage: 'prod' }), path)).toBe('/orders')
    expect(await seen(at('/prod', { stage: 'prod' }), path)).toBe('/')
    expect(await seen(at('/production', { stage: 'prod' }), path)).toBe('/production')
    expect(await seen(at('/orders', { stage: 'prod' }), path)).toBe('/orders')
    expect(await seen(at('/prod/orders', { stage: 'prod', domainName: 'api.example.com' }), path)).toBe('/prod/orders')
    expect(await seen(at('/prod/orders', { stage: 'prod', domainName: undefined }), path)).toBe('/prod/orders')
    expect(await seen(at('/$default/orders', {}), path)).toBe('/$default/orders')
    expect(await seen(at('/undefined/orders', { stage: undefined }), path)).toBe('/undefined/orders')
  })

  test('decode the path, which is encoded again as it may have been sent', async () => {
    expect(await seen(at('/100%/ü?', {}), path)).toBe('/100%25/%C3%BC%3F')
    expect(await seen(at('/a b', {}), path)).toBe('/a%20b')
    expect(await seen(at('/#a#b?c?', {}), path)).toBe('/%23a%23b%3Fc%3F')
    expect(await seen(at('/a-b_c.d~e/9', {}), path)).toBe('/a-b_c.d~e/9')
    expect(await seen(at('/half a surrogate \ud83d', {}), path)).toBe('/half%20a%20surrogate%20%EF%BF%BD')
  })

  test('say themselves who was connected to them', async () => {
    const event = but(httpApi({}), { headers: { 'x-forwarded-for': 'forged' } })
    expect(await seen(event, ({ ip }) => ip)).toBe('198.51.100.7')
  })

  test('give path parameters, and cookies apart', async () => {
    const event = but(httpApi({ cookies: ['a=1'] }), { pathParameters: { id: '7' } })
    expect(await seen(event, ({ params }) => params)).toEqual({ id: '7' })
    expect(await seen(event, cookies)).toEqual({ a: '1' })
  })

  test('may be without what a custom authorizer left out', async () => {
    expect(limit(at('/', { domainName: undefined }))).toBe(29_000)
  })
})

test('a function URL leaves the path as it was sent', async () => {
  const event = functionUrl({ path: '/a%20b/$default' })
  expect(await seen(event, path)).toBe('/a%20b/$default')
  expect(await seen(but(event, { rawPath: '/prod/x%2Fy' }), path)).toBe('/prod/x%2Fy')
})

describe('REST APIs', () => {
  test('may give single values alone', async () => {
    const single = but(restApi({}), {
      multiValueQueryStringParameters: null,
      queryStringParameters: { a: '1', b: '', c: undefined },
      multiValueHeaders: null,
      headers: { 'X-A': 'one', Cookie: 'a=1; b=2', gone: undefined },
    })
    expect(await seen(single, queries)).toEqual([
      { a: ['1'], b: [''], c: [''] },
      { a: '1', b: '', c: '' },
    ])
    expect(await seen(single, headers)).toEqual({ 'x-a': 'one', cookie: 'a=1; b=2' })
    expect(await seen(single, cookies)).toEqual({ a: '1', b: '2' })
  })

  test('may leave out a value, and who asks', async () => {
    const event = but(restApi({}), {
      multiValueQueryStringParameters: { a: ['1', '2'], b: undefined },
      queryStringParameters: { a: '2' },
      headers: null,
      multiValueHeaders: null,
      requestContext: {},
    })
    expect(await seen(event, queries)).toEqual([
      { a: ['1', '2'], b: [''] },
      { a: '1', b: '' },
    ])
    expect(await seen(event, ({ ip }) => ip)).toBeUndefined()
  })
})

describe('load balancers', () => {
  test('leave the query encoded, and what cannot be decoded as it is', async () => {
    expect(await seen(albMulti({ query: 'a%20b=c%26d+e&x=100%&x=%zz' }), queries)).toEqual([
      { 'a b': ['c&d e'], x: ['100%', '%zz'] },
      { 'a b': 'c&d e', x: '100%' },
    ])
    const event = but(alb({}), { queryStringParameters: { a: undefined } })
    expect(await seen(event, queries)).toEqual([{ a: [''] }, { a: '' }])
    const both = but(albMulti({}), {
      multiValueQueryStringParameters: { a: ['1'], b: undefined },
      queryStringParameters: { a: '2', c: '3' },
    })
    expect(await seen(both, queries)).toEqual([
      { a: ['1'], b: [''] },
      { a: '1', b: '' },
    ])
  })

  test('know who was connected to them: the last of x-forwarded-for', async () => {
    const event = but(alb({}), { headers: { 'x-forwarded-for': 'forged, 1.1.1.1, 2.2.2.2:4711' } })
    expect(await seen(event, ({ ip }) => ip)).toBe('2.2.2.2')
  })

  test('without multi-value headers carry every cookie under a spelling of its own', async () => {
    const handler = lambda(http()).handle(() => reply(204, undefined, { 'set-cookie': all }))
    const all = Array.from({ length: 300 }, (_, i) => `c${i}=1`)
    const { headers = {} } = await handler(alb({}), fakeContext())
    expect(Object.values(headers)).toEqual(all)
    for (const name of Object.keys(headers)) expect(name.toLowerCase()).toBe('set-cookie')
  })
})

test.each([
  ['a REST API', restApi],
  ['a load balancer', albMulti],
])('headers that %s gives several times are joined', async (_, format) => {
  const event = but(format({}), {
    multiValueHeaders: { Accept: ['a', 'b'], cookie: ['a=1', 'b=2;c=3', 'd=4'], accept: ['c'], gone: undefined },
  })
  expect(await seen(event, headers)).toEqual({ accept: 'a,b,c', cookie: 'a=1; b=2;c=3; d=4' })
  expect(await seen(event, cookies)).toEqual({ a: '1', b: '2', c: '3', d: '4' })
})

test.each([
  ['an HTTP API', httpApi, { headers: {} }],
  ['a REST API', restApi, { headers: {} }],
  ['a load balancer', alb, { headers: {}, statusDescription: '204 No Content' }],
  [
    'a load balancer with multi-value headers',
    albMulti,
    { multiValueHeaders: {}, statusDescription: '204 No Content' },
  ],
])('an answer to %s without cookies has none', async (_, format, shape) => {
  const handler = lambda(http()).handle(() => undefined)
  expect(await handler(format({}), fakeContext())).toEqual({ statusCode: 204, ...shape })
})
