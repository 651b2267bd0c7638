import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { alb, formats, httpApi, restApi, type Sent } from '../test/requests.ts'
import { seen } from '../test/seen.ts'
import { type HttpEvent, type HttpOptions, type HttpRequest, http } from './index.ts'

const refused = async (event: HttpEvent, options?: HttpOptions) => {
  const handler = lambda(http(options)).handle(({ request }) => ({ body: request.body }))
  const answer = await handler(event, fakeContext())
  return [answer.statusCode, JSON.parse(answer.body ?? '{}') as { errors?: { detail: string }[]; detail?: string }]
}

describe.each(formats)('%s', (name, format) => {
  const json = (text: string, more: Sent = {}): HttpEvent =>
    format({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text, ...more })

  test('says what was sent', async () => {
    const event = format({
      method: 'PUT',
      path: '/a%20b/c',
      query: 'tag=x%26y&tag=z&empty=&plus=a+b',
      headers: { 'X-Custom': 'One', 'Content-Type': 'Application/JSON; charset=utf-8' },
      cookies: ['a=1', 'b=two%20words', 'a=3', 'q="quoted"'],
    })
    const request = await seen(event, ({ method, path, query, queries, headers, cookies, ip, contentType }) => ({
      ...{ method, path, queries: { ...queries }, query: { ...query }, cookies: { ...cookies }, ip, contentType },
      custom: headers['x-custom'],
    }))
    const single = name === 'ALB'
    expect(request).toEqual({
      method: 'PUT',
      path: '/a%20b/c',
      // Without multi-value headers a load balancer gives the last of several.
      queries: { tag: single ? ['z'] : ['x&y', 'z'], empty: [''], plus: ['a b'] },
      query: { tag: single ? 'z' : 'x&y', empty: '', plus: 'a b' },
      cookies: { a: '1', b: 'two words', q: 'quoted' },
      ip: '198.51.100.7',
      contentType: 'application/json',
      custom: 'One',
    })
  })

  test('has the body by its content type', async () => {
    const body = (sent: Sent) => seen(format({ method: 'POST', ...sent }), (request) => request.body)
    const type = (value: string) => ({ headers: { 'content-type': value } })
    expect(await body({ ...type('application/json'), body: '{"a":1}' })).toEqual({ a: 1 })
    expect(await body({ ...type('application/merge-patch+json ; x=y'), body: '[1]' })).toEqual([1])
    expect(await body({ body: '{"a":1}' })).toEqual({ a: 1 })
    expect(await body({ ...type('application/x-www-form-urlencoded'), body: 'a=1&b=2&b=3&c=%C3%A9+f' })).toEqual({
      a: '1',
      b: ['2', '3'],
      c: 'é f',
    })
    expect(await body({ ...type('text/plain'), body: 'hello' })).toBe('hello')
    expect(await body({ ...type('image/png'), body: Buffer.from([0, 255]).toString('base64'), base64: true })).toEqual(
      Buffer.from([0, 255]),
    )
    expect(
      await body({ ...type('application/json'), body: Buffer.from('{"é":1}').toString('base64'), base64: true }),
    ).toEqual({ é: 1 })
    expect(await body({})).toBeUndefined()
  })

  test('refuses what is broken, with the place and not the text', async () => {
    expect(await refused(json('{"password":"hunter2",}'))).toMatchObject([
      400,
      { errors: [{ in: 'body', pointer: '#', detail: 'not valid JSON at line 1, column 23' }] },
    ])
    expect(JSON.stringify(await refused(json('{"password": hunter2}')))).not.toMatch('hunter2')
    expect(
      (await refused(json(Buffer.from([0x22, 0xff, 0x22]).toString('base64'), { base64: true })))[1],
    ).toMatchObject({ errors: [{ detail: 'not valid UTF-8' }] })
  })

  test('refuses what would reach a prototype', async () => {
    for (const text of [
      '{"__proto__":{"admin":true}}',
      '{"a":{"constructor":{"prototype":{}}}}',
      '{"\\u005f\\u005fproto__":1}',
    ])
      expect((await refused(json(text)))[0]).toBe(400)
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    expect((await refused(json('__proto__=1', form)))[0]).toBe(400)
    expect((await refused(json(Array.from({ length: 1001 }, (_, i) => `f${i}=1`).join('&'), form)))[0]).toBe(400)
  })

  test('refuses a body over the cap, and takes one that just fits', async () => {
    const limit = { bodyLimit: 10 }
    expect((await refused(json('"12345678"'), limit))[0]).toBe(200)
    expect(await refused(json('"123456789"'), limit)).toMatchObject([
      413,
      { detail: 'the body has more than 10 bytes' },
    ])
    expect((await refused(json('"éééééé"'), limit))[0]).toBe(413)
    expect((await refused(json(Buffer.from('"12345678"').toString('base64'), { base64: true }), limit))[0]).toBe(200)
    expect((await refused(json(Buffer.from('"123456789"').toString('base64'), { base64: true }), limit))[0]).toBe(413)
  })

  test('refuses a body in an encoding that it does not know', async () => {
    const status = async (encoding: string) =>
      (await refused(json('1', { headers: { 'content-encoding': encoding } })))[0]
    expect(await status('gzip')).toBe(415)
    expect(await status('identity, gzip')).toBe(415)
    expect(await Promise.all(['identity', 'Identity', 'IDENTITY', ''].map(status))).toEqual([200, 200, 200, 200])
  })

  test('passes over a byte order mark', async () => {
    const encoded = (text: string) => ({ body: Buffer.from(text).toString('base64'), base64: true })
    for (const sent of [{ body: '\ufeff{"a":1}' }, encoded('\ufeff{"a":1}')])
      expect(await seen(format(sent), (request) => [request.body, request.text()])).toEqual([{ a: 1 }, '{"a":1}'])
    expect(await seen(format(encoded('\ufeffa')), (request) => request.bytes().length)).toBe(4)
  })

  test('takes an empty content type for none that it knows', async () => {
    for (const type of ['', ' ', ';charset=utf-8']) {
      const event = format({ headers: { 'content-type': type }, body: '{"a":1}' })
      expect(await seen(event, ({ contentType, body }) => [contentType, body])).toEqual(['', Buffer.from('{"a":1}')])
    }
    const handler = lambda(http())
      .input(z.object({ a: z.number() }))
      .handle(({ input }) => input)
    const answer = await handler(format({ headers: { 'content-type': '' }, body: '{"a":1}' }), fakeContext())
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      status: 400,
      detail: expect.stringMatching('read as bytes,'),
    })
  })

  test('gives maps of its own, in which nothing but what was sent is found', async () => {
    const event = format({ headers: { 'x-a': '1' }, query: 'a=1', cookies: ['a=1'] })
    const before = structuredClone(event)
    await seen(event, (request) => {
      for (const map of [request.headers, request.params, request.query, request.queries, request.cookies]) {
        for (const name of ['constructor', '__proto__', 'toString']) expect(map[name]).toBeUndefined()
        Reflect.set(map, '__proto__', { polluted: 'x' })
        expect(map.polluted).toBeUndefined()
        Object.assign(map, { added: 'x' })
        for (const name of Object.keys(map)) delete (map as Record<string, unknown>)[name]
      }
    })
    expect(event).toEqual(before)
  })

  test('is not fooled by a forged x-forwarded-for', async () => {
    const event = format({ headers: {} })
    expect(await seen(event, ({ ip }) => ip)).toBe('198.51.100.7')
    expect(await seen(event, ({ ip }) => ip, { trustedHops: 1 })).toBe('forged')
  })
})

test('a path that an HTTP API decoded is encoded again, so that nothing is decoded twice', async () => {
  const path = (request: HttpRequest) => request.path
  expect(await seen(httpApi({ path: '/a%2525%20%C3%A9%23b' }), path)).toBe('/a%2525%20%C3%A9%23b')
  expect(await seen({ ...restApi({ path: '/a%25' }), version: '1.0' } as HttpEvent, path)).toBe('/a%2525')
  expect(await seen(restApi({ path: '/a%25' }), path)).toBe('/a%25')
})

test('what stands before the path is left out: a stage, a base path', async () => {
  const path = (request: HttpRequest) => request.path
  expect(await seen(httpApi({ path: '/orders' }, 'prod'), path)).toBe('/orders')
  expect(await seen(httpApi({ path: '/v1/orders' }), path, { basePath: '/v1' })).toBe('/orders')
  expect(await seen(httpApi({ path: '/v1' }), path, { basePath: '/v1' })).toBe('/')
  expect(await seen(httpApi({ path: '/v10/orders' }), path, { basePath: '/v1' })).toBe('/v10/orders')
})

test('text() and bytes() give what was sent, whatever its type', async () => {
  const event = httpApi({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a": 1}' })
  expect(
    await seen(event, (request) => [request.text(), Buffer.from(request.bytes()).toString(), request.body]),
  ).toEqual(['{"a": 1}', '{"a": 1}', { a: 1 }])
})

test('a cookie is taken as RFC 6265 has it, and a broken one for what it is', async () => {
  const cookies = async (...all: string[]) => await seen(httpApi({ cookies: all }), ({ cookies }) => ({ ...cookies }))
  expect(await cookies(' a = 1 ', 'b=2=3', 'c=', '"d"="x"')).toEqual({ a: '1', b: '2=3', c: '', '"d"': 'x' })
  expect(await cookies('flag', '=nameless', '  =blank', '')).toEqual({})
  expect(await cookies('a="open', 'b=close"', 'c=""', 'd="x"y"')).toEqual({ a: '"open', b: 'close"', c: '', d: 'x"y' })
  expect(await cookies('a=x"y"', 'b="x"y', ' c = "d" ')).toEqual({ a: 'x"y"', b: '"x"y', c: 'd' })
  expect(await cookies('a=100%', 'b=%zz', 'c=%25', 'd=%C3%A9')).toEqual({ a: '100%', b: '%zz', c: '%', d: 'é' })
  expect(await cookies('__proto__=x', 'constructor=y')).toEqual(
    Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  )
})

test('what was worked out of a request stays the same', async () => {
  const event = httpApi({ query: 'a=1', headers: { 'x-a': 'b' }, cookies: ['c=d'] })
  const twice = await seen(event, (request) => [
    [request.queries, request.queries],
    [request.cookies, request.cookies],
    [request.headers, request.headers],
  ])
  for (const [first, again] of twice) expect(again).toBe(first)
})

test('proxies that are trusted say who asks, and nobody else', async () => {
  const event = { ...alb({}), headers: { 'x-forwarded-for': 'forged, 1.1.1.1, 2.2.2.2, 3.3.3.3' } } as HttpEvent
  const ip = (trustedHops?: number) =>
    seen(event, (request) => request.ip, trustedHops === undefined ? {} : { trustedHops })
  expect([await ip(), await ip(0), await ip(1), await ip(2)]).toEqual(['3.3.3.3', '3.3.3.3', '2.2.2.2', '1.1.1.1'])
})

test('a method is in capitals', async () => {
  expect(await seen(httpApi({ method: 'patch' }), ({ method }) => method)).toBe('PATCH')
})

test('a path is never empty', async () => {
  const empty = { ...restApi({}), path: '' } as HttpEvent
  expect(await seen(empty, ({ path }) => path)).toBe('/')
  expect(await seen(empty, ({ path }) => path, { basePath: '/v1' })).toBe('/')
})

test('path parameters are the service’s own where there is no router', async () => {
  const event = { ...restApi({ path: '/orders/7' }), pathParameters: { id: '7' } } as HttpEvent
  expect(await seen(event, ({ params }) => params)).toEqual({ id: '7' })
})

test('an event that lacks what it may lack is a request all the same', async () => {
  const {
    headers: _,
    rawQueryString: __,
    isBase64Encoded: ___,
    ...v2
  } = httpApi({}) as never as Record<string, unknown>
  const bare = [
    v2,
    { httpMethod: 'GET', path: '/', requestContext: {} },
    { ...{ httpMethod: 'GET', path: '/', requestContext: {}, headers: null, multiValueHeaders: null, body: null } },
    { httpMethod: 'GET', path: '/', requestContext: { elb: {} } },
  ]
  for (const event of bare)
    expect(
      await seen(event as never, ({ path, headers, queries, cookies, params, body }) => [
        path,
        { ...headers },
        { ...queries, ...cookies, ...params },
        body,
      ]),
    ).toEqual(['/', {}, {}, undefined])
})

test.each([
  ['SQS', { Records: [{ eventSource: 'aws:sqs' }] }, 'an object with the keys Records'],
  [
    'a WebSocket',
    { requestContext: { eventType: 'MESSAGE', connectionId: 'x' } },
    'an object with the keys requestContext',
  ],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['text', 'GET /', 'GET /'],
  ['an empty object', {}, '(none)'],
  ['a forger', { headers: { 'x-apigateway-event': '{"version":"2.0"}' }, body: '' }, 'headers, body'],
])('an event of %s is refused, and the function goes on serving', async (_, event, says) => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  const handler = lambda(http()).handle(() => 'fine')
  await expect(handler(event as never, fakeContext())).rejects.toThrow(says)
  expect((await handler(httpApi({}), fakeContext())).body).toBe('"fine"')
  error.mockRestore()
})

test('options are checked', () => {
  expect(() => http({ trustedHop: 1 } as never)).toThrow(
    'http(): there is no option `trustedHop`: did you mean `trustedHops`?',
  )
  expect(() => http({ bodyLimit: '1mb' } as never)).toThrow('http(): `bodyLimit` must be a number from 0 up')
  for (const basePath of ['v1', '/v1/', 'x/v1', '/', '//'])
    expect(() => http({ basePath })).toThrow('http(): `basePath` begins with a slash and ends with none, as `/v1`')
  for (const basePath of ['', '/v', '/v1', '/api/v1']) expect(() => http({ basePath })).not.toThrow()
})
