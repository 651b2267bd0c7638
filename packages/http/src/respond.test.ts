import { HttpError, lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { answer } from '../test/answer.ts'
import { httpApi } from '../test/requests.ts'
import { type HttpContext, http, reply } from './index.ts'

let error: MockInstance
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('a result', () => {
  const of = (fn: (ctx: HttpContext) => unknown) => answer(httpApi({}), fn)
  const json = { 'content-type': 'application/json' }

  test.each([
    ['a plain value', () => ({ a: 1 }), { statusCode: 200, headers: json, body: '{"a":1}' }],
    ['text', () => 'hello', { statusCode: 200, headers: json, body: '"hello"' }],
    ['null', () => null, { statusCode: 200, headers: json, body: 'null' }],
    [
      'bytes',
      () => Buffer.from([0, 255]),
      { statusCode: 200, headers: { 'content-type': 'application/octet-stream' }, body: 'AP8=', isBase64Encoded: true },
    ],
    ['nothing', () => undefined, { statusCode: 204, headers: {} }],
    [
      'a reply',
      () => reply(201, { a: 1 }, { Location: '/1' }),
      { statusCode: 201, headers: { ...json, location: '/1' }, body: '{"a":1}' },
    ],
    ['a reply without a body', () => reply(202), { statusCode: 202, headers: {} }],
    [
      'a reply of text',
      () => reply(200, 'hi', { 'content-type': 'text/plain' }),
      { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'hi' },
    ],
    [
      'a reply of bytes',
      () => reply(200, Buffer.from([0, 255])),
      { statusCode: 200, headers: { 'content-type': 'application/octet-stream' }, body: 'AP8=', isBase64Encoded: true },
    ],
    [
      'a 204 with a type',
      () => reply(204, undefined, { 'Content-Type': 'text/plain' }),
      { statusCode: 204, headers: {} },
    ],
    ['an empty object', () => ({}), { statusCode: 200, headers: json, body: '{}' }],
    ['a 204 with a body', () => reply(204, { a: 1 }), { statusCode: 204, headers: {} }],
    [
      'cookies',
      () => reply(200, 1, { 'set-cookie': ['a=1', 'b=2'] }),
      { statusCode: 200, headers: json, cookies: ['a=1', 'b=2'], body: '1' },
    ],
    [
      'a status of the head',
      ({ response }: HttpContext) => {
        response.status = 202
        return 1
      },
      { statusCode: 202, headers: json, body: '1' },
    ],
    [
      'a Response',
      () => Response.json({ a: 1 }, { status: 201, headers: { 'x-a': 'b' } }),
      { statusCode: 201, headers: { ...json, 'x-a': 'b' }, body: '{"a":1}' },
    ],
    [
      'a Response of bytes',
      () => new Response(new Uint8Array([0, 255]), { headers: { 'content-type': 'image/png' } }),
      { statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'AP8=', isBase64Encoded: true },
    ],
    ['a Response without a body', () => new Response(null, { status: 304 }), { statusCode: 304, headers: {} }],
    ['a 304 with a body', () => reply(304, 'x', { etag: '"1"' }), { statusCode: 304, headers: { etag: '"1"' } }],
    [
      'a part of some bytes',
      () => new Uint16Array([0, 0xff00, 0]).subarray(1, 2),
      { statusCode: 200, headers: { 'content-type': 'application/octet-stream' }, body: 'AP8=', isBase64Encoded: true },
    ],
    [
      'a buffer',
      () => new Uint8Array([0, 255]).buffer,
      { statusCode: 200, headers: { 'content-type': 'application/octet-stream' }, body: 'AP8=', isBase64Encoded: true },
    ],
    [
      'bytes with a type',
      () => reply(200, new Uint8Array([0, 255]), { 'Content-Type': 'image/png' }),
      { statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'AP8=', isBase64Encoded: true },
    ],
    [
      'text with a type of the head',
      ({ response }: HttpContext) => {
        response.headers.set('content-type', 'text/html')
        return '<p>'
      },
      { statusCode: 200, headers: { 'content-type': 'text/html' }, body: '<p>' },
    ],
    [
      'a value with a type of its own',
      () => reply(200, { a: 1 }, { 'content-type': 'application/hal+JSON; charset=utf-8' }),
      { statusCode: 200, headers: { 'content-type': 'application/hal+JSON; charset=utf-8' }, body: '{"a":1}' },
    ],
    [
      'text with a type of JSON',
      () => reply(200, 'hi', { 'content-type': 'application/hal+JSON' }),
      { statusCode: 200, headers: { 'content-type': 'application/hal+JSON' }, body: '"hi"' },
    ],
    [
      'text whose type only sounds like JSON',
      () => reply(200, 'hi', { 'content-type': 'application/x-ndjson' }),
      { statusCode: 200, headers: { 'content-type': 'application/x-ndjson' }, body: 'hi' },
    ],
    [
      'text as JSON',
      () => reply(200, 'hi', { 'content-type': 'application/json' }),
      { statusCode: 200, headers: json, body: '"hi"' },
    ],
    [
      'a value whose type is none of JSON’s',
      () => reply(200, [1], { 'content-type': 'text/plain' }),
      { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: '[1]' },
    ],
    [
      'a reply with a list for a header',
      () => reply(200, 1, { Via: ['a', 'b'] }),
      { statusCode: 200, headers: { ...json, via: 'a, b' }, body: '1' },
    ],
    [
      'a reply with one cookie',
      () => reply(200, 1, { 'Set-Cookie': 'a=1' }),
      { statusCode: 200, headers: json, cookies: ['a=1'], body: '1' },
    ],
    [
      'a status of the head and no value',
      ({ response }: HttpContext) => void (response.status = 202),
      { statusCode: 202, headers: {} },
    ],
  ])('that is %s', async (_, fn, expected) => {
    const { isBase64Encoded, ...rest } = await of(fn as never)
    expect({ ...rest, ...(isBase64Encoded && { isBase64Encoded }) }).toEqual(expected)
  })

  test('keeps the cookies of a Response apart', async () => {
    const response = new Response('x')
    response.headers.append('set-cookie', 'a=1')
    response.headers.append('set-cookie', 'b=2')
    expect((await of(() => response)).cookies).toEqual(['a=1', 'b=2'])
  })

  test('of a vary joins the head’s, since a cache must know all of it', async () => {
    const vary = async (head: string | undefined, own: string | undefined) => {
      const { headers } = await of(({ response }) => {
        if (head) response.headers.set('vary', head)
        return reply(200, 1, own ? { Vary: own } : {})
      })
      return headers?.vary
    }
    expect([await vary('origin', 'accept'), await vary('origin', undefined), await vary(undefined, 'accept')]).toEqual([
      'origin, accept',
      'origin',
      'accept',
    ])
  })

  test('of HEAD has no body', async () => {
    expect(await answer(httpApi({ method: 'HEAD' }), () => ({ a: 1 }))).toEqual({ statusCode: 200, headers: json })
    expect(
      await answer(httpApi({ method: 'HEAD' }), () => {
        throw new HttpError(404)
      }),
    ).toMatchObject({ statusCode: 404 })
  })

  const circle: Record<string, unknown> = {}
  circle.self = { circle }
  test.each([
    ['is circular', circle, '/self/circle: Converting circular structure to JSON'],
    ['has a BigInt', { total: 5n }, '/total: Do not know how to serialize a BigInt'],
    ['is a function', () => 1, 'it is a function'],
    ['is a Map', new Map(), /the result cannot be written as JSON: it is a Map\n/],
    ['has a promise for its body', reply(200, Promise.resolve(1)), /it is a Promise: await it\n/],
    ['has headers for its body', new Headers({ a: 'b' }), 'it is a Headers'],
    [
      'has a list with a line break in it for a header',
      reply(200, 1, { 'x-a': ['b', 'c\nd'] }),
      'the header x-a must be',
    ],
    ['has a number for a header', reply(200, 1, { 'x-a': [5] as never }), 'the header x-a must be'],
    ['is a broken Response', Response.error(), 'a Response takes a status from 200 to 599'],
    [
      'sets a header with a line break',
      reply(200, 1, { 'x-a': 'b\r\nset-cookie: a=1' }),
      'must be a string without line breaks',
    ],
  ])('that %s is a 500 that says nothing, and a line in the log that says what', async (_, result, says) => {
    const handler = lambda(http()).handle(({ request }) => (request.path === '/bad' ? result : 'fine'))
    const bad = await handler(httpApi({ path: '/bad' }), fakeContext({ awsRequestId: 'id-1' }))
    expect(JSON.parse(bad.body ?? '')).toEqual({ title: 'Internal Server Error', status: 500, requestId: 'id-1' })
    expect(error.mock.calls.map(([line]) => line).join()).toMatch(says)
    expect((await handler(httpApi({}), fakeContext())).body).toBe('"fine"')
  })

  test.each([
    ['headers that are none', () => new HttpError(400, 'x', { headers: { 'x\r\n': 'y' } }), 'is no name of a header'],
    [
      'a circle in it',
      () => new HttpError(400, 'x', { extensions: { circle } }),
      '/circle/self/circle: Converting circular',
    ],
  ])('that is an error with %s is a 500, and the log says why', async (_, thrown, says) => {
    const bad = await of(() => {
      throw thrown()
    })
    expect(JSON.parse(bad.body ?? '')).toEqual({ title: 'Internal Server Error', status: 500, requestId: 'id-1' })
    expect(error.mock.calls.map(([line]) => line).join()).toMatch(says)
  })

  test('of an error or the head has a status that is one', async () => {
    for (const status of [200, 99, 700, Number.NaN])
      expect(() => new HttpError(status)).toThrow('an HttpError takes a status from 400 to 599')
    const head = await answer(httpApi({}), ({ response }) => {
      response.status = 5
    })
    expect(head.statusCode).toBe(500)
  })

  test('may be what only looks like something else', async () => {
    const tagged = (tag: string) =>
      of(() => ({
        get [Symbol.toStringTag]() {
          return tag
        },
      }))
    for (const tag of ['Mine', 'Set of mine', 'x[object Map', 'Map]x']) expect((await tagged(tag)).body).toBe('{}')
  })

  test('that cannot be written says why, with what JSON threw as the cause', async () => {
    const logged: unknown[] = []
    const handler = lambda(http())
      .use((ctx, next) => {
        ctx.defer(({ error }) => logged.push(error))
        return next()
      })
      .handle(() => ({ total: 5n }))
    await handler(httpApi({}), fakeContext())
    expect(logged).toMatchObject([{ name: 'TypeError', cause: { message: 'Do not know how to serialize a BigInt' } }])
  })

  test('of reply() has a status', () => {
    for (const status of [0, 99, 100, 600, 200.5, '200', undefined])
      expect(() => reply(status as never)).toThrow('reply() takes a status from 200 to 599')
  })
})

test('a log line can say what was asked and answered', async () => {
  const summaries: unknown[] = []
  const handler = lambda(http())
    .use((ctx, next) => {
      ctx.defer(({ summary, outcome }) => summaries.push({ ...summary, outcome }))
      return next()
    })
    .routes((r) =>
      r.get('/orders/{id}', ({ params }) => {
        if (params.id === '0') throw new HttpError(404)
      }),
    )
  await handler(httpApi({ path: '/orders/7', query: 'secret=1' }), fakeContext())
  await handler(httpApi({ path: '/orders/0' }), fakeContext())
  expect(summaries).toEqual([
    { method: 'GET', path: '/orders/7', route: '/orders/{id}', status: 204, outcome: 'success' },
    { method: 'GET', path: '/orders/0', route: '/orders/{id}', status: 404, outcome: 'refused' },
  ])
})
