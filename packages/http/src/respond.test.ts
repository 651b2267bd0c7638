import { HttpError, lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import * as z from 'zod'
import { limit } from '../test/limit.ts'
import { alb, albMulti, formats, functionUrl, httpApi, restApi } from '../test/requests.ts'
import { type HttpContext, type HttpEvent, http, reply } from './index.ts'

let error: MockInstance
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const answer = (event: HttpEvent, fn: (ctx: HttpContext) => unknown) =>
  lambda(http()).handle(fn)(event, fakeContext({ awsRequestId: 'id-1' }))

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

describe('the shape of an answer', () => {
  const full = () => reply(201, { a: 1 }, { 'x-a': 'b', 'set-cookie': ['c=1', 'd=2', 'e=3'] })
  const headers = { 'content-type': 'application/json', 'x-a': 'b' }
  const body = { body: '{"a":1}', isBase64Encoded: false }
  test('of HTTP APIs and function URLs', async () => {
    const expected = { statusCode: 201, headers, cookies: ['c=1', 'd=2', 'e=3'], ...body }
    expect(await answer(httpApi({}), full)).toEqual(expected)
    expect(await answer(functionUrl({}), full)).toEqual(expected)
  })
  test('of REST APIs', async () => {
    expect(await answer(restApi({}), full)).toEqual({
      statusCode: 201,
      headers,
      multiValueHeaders: { 'set-cookie': ['c=1', 'd=2', 'e=3'] },
      ...body,
    })
  })
  test('of load balancers', async () => {
    expect(await answer(albMulti({}), full)).toEqual({
      statusCode: 201,
      statusDescription: '201 Created',
      multiValueHeaders: { 'content-type': ['application/json'], 'x-a': ['b'], 'set-cookie': ['c=1', 'd=2', 'e=3'] },
      ...body,
    })
    expect(await answer(alb({}), full)).toEqual({
      statusCode: 201,
      statusDescription: '201 Created',
      headers: { ...headers, 'set-cookie': 'c=1', 'Set-cookie': 'd=2', 'sEt-cookie': 'e=3' },
      ...body,
    })
  })
})

describe.each(formats)('an error, through %s', (_, format) => {
  const problem = async (event: HttpEvent, fn: (ctx: HttpContext) => unknown) => {
    const { statusCode, body, ...rest } = await answer(event, fn)
    const headers =
      rest.headers ??
      Object.fromEntries(Object.entries(rest.multiValueHeaders ?? {}).map(([name, values]) => [name, values.join()]))
    return [statusCode, headers, JSON.parse(body ?? '')]
  }

  test('of the client’s is a problem with its details', async () => {
    const thrown = new HttpError(409, 'taken already', {
      type: 'https://example.com/taken',
      title: 'Taken',
      headers: { 'Retry-After': '5' },
      extensions: { sku: 'A-1' },
    })
    expect(
      await problem(format({}), () => {
        throw thrown
      }),
    ).toEqual([
      409,
      { 'content-type': 'application/problem+json', 'retry-after': '5' },
      {
        type: 'https://example.com/taken',
        title: 'Taken',
        status: 409,
        detail: 'taken already',
        sku: 'A-1',
        requestId: 'id-1',
      },
    ])
    expect(error).not.toHaveBeenCalled()
  })

  test('that nobody expected says nothing but the request id', async () => {
    const [status, , body] = await problem(format({}), () => {
      throw Object.assign(new Error('password=hunter2'), { status: 418, detail: 'x' })
    })
    expect([status, body]).toEqual([500, { title: 'Internal Server Error', status: 500, requestId: 'id-1' }])
    expect(error.mock.calls[0]?.[0]).toMatch(/^id-1: the invocation failed\nError: password=hunter2\n +at /)
  })

  test('of a schema points at each fault', async () => {
    const handler = lambda(http())
      .input(z.object({ sku: z.string(), items: z.array(z.object({ 'a/b': z.int() })) }))
      .handle(({ input }) => input)
    const event = format({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"items":[{"a/b":"x"}]}',
    })
    const { statusCode, body } = await handler(event, fakeContext())
    expect(statusCode).toBe(400)
    expect(JSON.parse(body ?? '')).toMatchObject({
      title: 'Bad Request',
      status: 400,
      detail: 'the body, read as application/json, is not as it must be: see errors',
      errors: [
        { in: 'body', pointer: '#/sku' },
        { in: 'body', pointer: '#/items/0/a~1b' },
      ],
    })
  })
})

describe('the response head', () => {
  const handler = lambda(http())
    .use(({ response }, next) => {
      response.headers.set('x-request', 'r')
      response.headers.append('set-cookie', 'seen=1')
      return next()
    })
    .use(async ({ request }, next) =>
      request.path === '/early' ? reply(401, undefined, { 'www-authenticate': 'Bearer' }) : next(),
    )
    .handle(({ request, response }) => {
      if (request.path === '/error') throw new Error('x')
      if (request.path === '/refused') throw new HttpError(403, 'no')
      if (request.path === '/response') return new Response('x')
      if (request.path === '/own') return reply(200, 1, { 'X-Request': 'mine' })
      response.headers.set('x-late', 'l')
      return 1
    })
  test.each([
    ['/', 200, 'r'],
    ['/early', 401, 'r'],
    ['/error', 500, 'r'],
    ['/refused', 403, 'r'],
    ['/response', 200, 'r'],
    ['/own', 200, 'mine'],
  ])('reaches the answer of %s', async (path, status, value) => {
    const answer = await handler(httpApi({ path }), fakeContext())
    expect([answer.statusCode, answer.headers?.['x-request'], answer.cookies]).toEqual([status, value, ['seen=1']])
  })

  test('reaches the deadline’s answer, and is closed after it', async () => {
    let late: unknown
    let done = () => {}
    const ended = new Promise<void>((resolve) => {
      done = resolve
    })
    const hangs = lambda(http(), { deadline: 40, grace: 10 })
      .use(({ response }, next) => {
        response.headers.set('x-request', 'r')
        return next()
      })
      .handle(async ({ response }) => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        try {
          response.headers.set('x-late', 'l')
        } catch (error) {
          late = error
        }
        done()
      })
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const answer = await hangs(httpApi({}), fakeContext({ timeout: 120, awsRequestId: 'id-1' }))
    expect([answer.statusCode, answer.headers]).toEqual([
      504,
      { 'x-request': 'r', 'content-type': 'application/problem+json' },
    ])
    expect(JSON.parse(answer.body ?? '')).toEqual({ title: 'Gateway Timeout', status: 504, requestId: 'id-1' })
    await ended
    expect(late).toMatchObject({ message: 'the header x-late was set after the answer had been given' })
  })
})

test('API Gateway gives up after 29 seconds, function URLs and load balancers do not', () => {
  const events = [httpApi({}), restApi({}), functionUrl({}), alb({})]
  expect(events.map((event) => limit(event))).toEqual([29_000, 29_000, Infinity, Infinity])
  expect(limit(alb({}), { integrationTimeout: 5000 })).toBe(5000)
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
