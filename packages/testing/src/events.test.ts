import { lambda } from '@fnware/core'
import { type HttpEvent, http } from '@fnware/http'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { full } from '../test/request.ts'
import * as samples from '../test/samples.ts'
import {
  type AlbEvent,
  albEvent,
  type FunctionUrlEvent,
  fakeContext,
  functionUrlEvent,
  type HttpApiEvent,
  httpApiEvent,
  type RequestOptions,
  type RestApiEvent,
  readAnswer,
  restApiEvent,
} from './index.ts'

const albMultiValueEvent = (options: RequestOptions = {}) => albEvent({ ...options, multiValue: true })

const builders: readonly (readonly [name: string, build: (options?: RequestOptions) => HttpEvent])[] = [
  ['httpApiEvent', httpApiEvent],
  ['functionUrlEvent', functionUrlEvent],
  ['restApiEvent', restApiEvent],
  ['albEvent', albEvent],
  ['albEvent, multi-value', albMultiValueEvent],
]

test.each([
  ['httpApiEvent', httpApiEvent({ ...samples.request, ...samples.api }), samples.httpApi],
  ['functionUrlEvent', functionUrlEvent(samples.request), samples.functionUrl],
  ['restApiEvent', restApiEvent({ ...samples.request, ...samples.api }), samples.restApi],
])('%s has the keys that the service gives, with the same kinds of values', (_, event, sample) => {
  expect(samples.shapeOf(event)).toEqual(samples.shapeOf(sample))
})

test.each([
  ['albEvent', albEvent(samples.request), samples.alb],
  ['albEvent, multi-value', albMultiValueEvent(samples.request), samples.albMultiValue],
])('%s has the keys that the service gives, with the same kinds of values', (_, event, sample) => {
  expect(samples.shapeOf(event)).toEqual(samples.shapeOf(sample))
})

describe.each(builders)('%s', (name, build) => {
  test('says the same request to a function', async () => {
    const handler = lambda(http()).handle(({ request }) => {
      const { method, path, queries, headers, cookies, body, ip, contentType } = request
      const { host, 'x-custom': custom, 'x-twice': twice } = headers
      return { method, path, queries, custom, twice, host, cookies, body, ip, contentType }
    })
    const answer = readAnswer(await handler(build(full), fakeContext()))
    const onlyLast = name === 'albEvent'
    expect(answer.json()).toEqual({
      method: 'PUT',
      path: '/a%20b/c',
      queries: { tag: onlyLast ? ['z'] : ['x&y', 'z'], plus: ['a b'] },
      custom: 'One',
      twice: onlyLast ? '2' : '1,2',
      host: expect.stringContaining('.'),
      cookies: { a: '1', b: 'two words' },
      body: { quantity: 2 },
      ip: '198.51.100.7',
      contentType: 'application/json',
    })
  })

  test('sends bytes, text and forms', async () => {
    const handler = lambda(http()).handle(({ request }) => [request.contentType, [...request.bytes()]])
    const sent = async (body: unknown) => readAnswer(await handler(build({ body }), fakeContext())).json()
    expect(await sent(new Uint8Array([0, 255]))).toEqual([null, [0, 255]])
    expect(await sent('hé')).toEqual([null, [...Buffer.from('hé')]])
    expect(await sent(new URLSearchParams({ a: '1 2' }))).toEqual([
      'application/x-www-form-urlencoded',
      [...Buffer.from('a=1+2')],
    ])
    expect(build({ body: new Uint8Array([0, 255]) })).toMatchObject({ body: 'AP8=', isBase64Encoded: true })
    expect(build({ body: 'hé' })).toMatchObject({ body: 'hé', isBase64Encoded: false })
    expect(() => build({ body: () => 1 })).toThrow('a function cannot be sent')
  })

  test('hands on as base64 what the service takes for binary', () => {
    const text = name === 'restApiEvent'
    const carried = (type: string) => build({ body: 'a=1', headers: { 'content-type': type } })
    for (const type of ['application/x-www-form-urlencoded', 'image/svg+xml'])
      expect(carried(type)).toMatchObject({ body: text ? 'a=1' : 'YT0x', isBase64Encoded: !text })
    for (const type of ['text/csv', 'Application/JSON; charset=utf-8', 'application/xml', 'application/javascript'])
      expect(carried(type)).toMatchObject({ body: 'a=1', isBase64Encoded: false })
  })

  test('refuses a typo, what no client can send, and what is no option of this service', () => {
    expect(() => build({ methd: 'GET' } as never)).toThrow('did you mean `method`?')
    expect(() => build({ path: '/a?b=1' })).toThrow('the query goes to `query`')
    expect(() => build({ path: 'a' })).toThrow('`path` begins with a slash')
    expect(() => build({ path: '/100%' })).toThrow('a % is %25')
    expect(() => build({ query: '?a=1' })).toThrow('behind the question mark')
    expect(() => build({ query: 5 as never })).toThrow('`query` must be')
    expect(() => build({ headers: 'x' as never })).toThrow('`headers` must be an object')
  })

  test('is what JSON can carry', () => {
    const event = build(full)
    expect(JSON.parse(JSON.stringify(event))).toEqual(event)
  })

  test('shares nothing with what it was made of, nor two events anything', () => {
    const first = build(full)
    const before = structuredClone(build(full))
    for (const part of Object.values(first)) if (typeof part === 'object' && part) Object.assign(part, { spoilt: true })
    expect(samples.shapeOf(build(full))).toEqual(samples.shapeOf(before))
  })

  test('puts the address behind what a client claims of it', () => {
    const event = build({ headers: { 'x-forwarded-for': ['203.0.113.9', '203.0.113.10'] }, ip: '198.51.100.7' })
    const { headers, multiValueHeaders } = event as AlbEvent
    const forwarded = Object.entries(multiValueHeaders ?? headers ?? {}).filter(
      ([key]) => key.toLowerCase() === 'x-forwarded-for',
    )
    expect(forwarded.map(([, value]) => [value].flat())).toEqual([['203.0.113.9, 203.0.113.10, 198.51.100.7']])
  })

  test('takes cookies from the header as well', async () => {
    const handler = lambda(http()).handle(({ request }) => request.cookies)
    const event = build({ headers: { Cookie: 'a=1; b=2' }, cookies: { c: '3' } })
    expect(readAnswer(await handler(event, fakeContext())).json()).toEqual({ a: '1', b: '2', c: '3' })
  })
})

test('a query string goes as the client sent it', () => {
  const query = 'a=1+2&a=%31&flag&=x'
  expect(httpApiEvent({ query })).toMatchObject({
    rawQueryString: query,
    queryStringParameters: { a: '1 2,1', flag: '', '': 'x' },
  })
  expect(albMultiValueEvent({ query }).multiValueQueryStringParameters).toEqual({
    a: ['1+2', '%31'],
    flag: [''],
    '': ['x'],
  })
  expect(restApiEvent({ query }).multiValueQueryStringParameters).toEqual({ a: ['1 2', '1'], flag: [''], '': ['x'] })
})

test('a path is encoded as a client would', () => {
  expect(functionUrlEvent({ path: '/ä b/%2F' }).rawPath).toBe('/%C3%A4%20b/%2F')
  expect(httpApiEvent({ path: '/ä b' }).rawPath).toBe('/ä b')
})

test('names like those of every object are names like any other', () => {
  const query = { ['__proto__']: 'x', constructor: 'y' }
  for (const [, build] of builders) {
    const event = build({ query: JSON.parse(`{"__proto__":"x","constructor":"y"}`) as typeof query }) as AlbEvent
    const map = event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {}
    expect(Object.keys(map)).toEqual(['__proto__', 'constructor'])
  }
})

test('events are typed as their services’', () => {
  expectTypeOf(httpApiEvent()).toEqualTypeOf<HttpApiEvent>()
  expectTypeOf(functionUrlEvent()).toEqualTypeOf<FunctionUrlEvent>()
  expectTypeOf(restApiEvent()).toEqualTypeOf<RestApiEvent>()
  expectTypeOf(albEvent()).toEqualTypeOf<AlbEvent>()
})
