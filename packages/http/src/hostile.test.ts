import { lambda } from '@fnware/core'
import { collectLogs, fakeContext, type RequestOptions } from '@fnware/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { anything } from '../test/arbitraries.ts'
import { seen } from '../test/seen.ts'
import { type Service, services } from '../test/services.ts'
import { type HttpEvent, type HttpResult, http } from './index.ts'

// What a client does wrong is answered as its fault, in a bounded answer, and reaches nothing that is shared.

const Tree: z.ZodType = z.lazy(() =>
  z.union([z.array(Tree), z.record(z.string(), Tree), z.string(), z.number(), z.null()]),
)
const handler = lambda(http({ bodyLimit: 2 ** 20 })).routes((r) => {
  r.post('/tree', { body: Tree }, () => 'fine')
  r.post('/numbers', { body: z.array(z.number()) }, () => 'fine')
  r.post('/fields', { body: z.record(z.string(), z.number()) }, () => 'fine')
  r.post('/merged', ({ body, query, request }) => {
    // As carelessly as any program.
    const merged = Object.assign({}, request.headers, request.cookies, query, request.queries, body)
    return { admin: (merged as { admin?: unknown }).admin ?? null, keys: Object.keys(merged).length > 0 }
  })
  r.any('/any/{proxy+}', ({ params }) => params)
})
const asked = async ({ event }: Service, request: RequestOptions): Promise<HttpResult> =>
  (await collectLogs(() => handler(event({ method: 'POST', ...request }) as HttpEvent, fakeContext()))).result
const json = (text: string) => ({ headers: { 'content-type': 'application/json' }, body: text })

describe.each(services)('$name', (service) => {
  test('a body that nests its way through the stack is refused', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['[0,[],{"a":', '}]'],
    ] as const)
      for (const depth of [5_000, 50_000]) {
        const body = `${open.repeat(depth)}1${close.repeat(depth)}`
        const { statusCode, body: says } = await asked(service, { path: '/tree', ...json(body) })
        expect([statusCode, says]).toEqual([400, expect.stringContaining('nested too deeply')])
      }
    expect((await asked(service, { path: '/tree', ...json(`${'['.repeat(100)}${']'.repeat(100)}`) })).statusCode).toBe(
      200,
    )
  })

  test('who sends a thousand faults is told of a hundred', async () => {
    const result = await asked(service, { path: '/numbers', ...json(JSON.stringify(Array(20_000).fill('x'))) })
    expect(result.statusCode).toBe(400)
    expect((JSON.parse(result.body ?? '') as { errors: unknown[] }).errors).toHaveLength(100)
  })

  test('a fault under any key can be told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, fc.constantFrom('\ud800', 'a\udfff/~', '__proto_', 'a/b~c')), async (key) => {
        const result = await asked(service, {
          path: '/fields',
          ...json(JSON.stringify(Object.fromEntries([[key, 'x']]))),
        })
        expect(result.statusCode).toBe(400)
        const { errors } = JSON.parse(result.body ?? '') as { errors: { pointer: string }[] }
        // A refused key is told of the body as a whole.
        if (key !== '__proto__')
          expect(errors[0]?.pointer).toBe(
            `#/${encodeURI(key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'))}`,
          )
      }),
      { numRuns: 60 },
    )
  })

  test('no key of a client reaches a prototype, wherever it stands', async () => {
    const key = fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      '__proto__[admin]',
      'constructor.prototype.admin',
    )
    const value = fc.constantFrom('{"admin":true}', 'admin', '1')
    const poison = fc.tuple(key, value).chain(([key, value]) =>
      fc.constantFrom<RequestOptions>(
        json(`{${JSON.stringify(key)}:{"admin":true,"prototype":{"admin":true}}}`),
        json(`{"\\u005f_proto__":{"admin":true}}`),
        json(`[{"a":{"\\u005f_proto__":{"admin":true}}}]`),
        {
          body: new URLSearchParams([
            [key, value],
            [key, value],
          ]),
        },
        { query: [key, key].map((it) => `${encodeURIComponent(it)}=${encodeURIComponent(value)}`).join('&') },
        { query: `${key}%5Badmin%5D=1` },
        { headers: Object.fromEntries([[key.replaceAll(/[[\]]/g, '-'), [value, value]]]) },
        { cookies: Object.fromEntries([[key.replaceAll(/[[\]]/g, '-'), value]]) },
      ),
    )
    await fc.assert(
      fc.asyncProperty(poison, async (request) => {
        const { statusCode, body } = await asked(service, { path: '/merged', ...request })
        expect([200, 400]).toContain(statusCode)
        const poisoned = typeof request.body === 'string' ? /_proto__":|"constructor":/ : /^__proto__=/
        if (request.body) expect(statusCode).toBe(poisoned.test(`${request.body}`) ? 400 : 200)
        if (statusCode === 200) expect(JSON.parse(body ?? '')).toMatchObject({ admin: null })
        expect(({} as { admin?: unknown }).admin).toBeUndefined()
        expect(([] as { admin?: unknown }).admin).toBeUndefined()
        expect((() => {}) as { admin?: unknown }).not.toHaveProperty('admin')
      }),
      { numRuns: 100 },
    )
  })

  test('a parameter is what was in the path, whatever it is called', async () => {
    const names = ['__proto__', 'constructor', 'a']
    const routed = lambda(http()).routes((r) =>
      r.get('/{__proto__}/{constructor}/{a}', ({ params }) =>
        names.map((name) => Object.getOwnPropertyDescriptor(params, name)?.value),
      ),
    )
    expect((await routed(service.event({ path: '/x/y/z' }) as HttpEvent, fakeContext())).body).toBe('["x","y","z"]')
  })

  test('very long and very many parts of a request are read as they are', async () => {
    const long = 'x'.repeat(100_000)
    const many = Array.from({ length: 500 }, (_, i) => [`x-${i}`, `${i}`] as const)
    const event = service.event({
      path: `/${long}`,
      query: Object.fromEntries([...many, ['long', long]]),
      headers: Object.fromEntries([...many, ['long', long]]),
      cookies: Object.fromEntries([...many, ['long', long]]),
    }) as HttpEvent
    const sizes = await seen(event, ({ path, query, headers, cookies }) => [
      path.length,
      ...[query, headers, cookies].map((map) => [
        map.long?.length,
        Object.keys(map).filter((it) => /^x-\d/.test(it)).length,
      ]),
    ])
    expect(sizes).toEqual([100_001, ...Array(3).fill([100_000, 500])])
  })

  test('a search among routes takes no longer the more slashes there are', async () => {
    const nested = lambda(http()).routes((r) => {
      for (let depth = 1; depth < 12; depth++) {
        r.get(
          `/${'{a}/'.repeat(depth).replaceAll('a', () => `p${Math.random().toString(36).slice(2)}`)}end` as '/x',
          () => depth,
        )
        r.get(`/${'a/'.repeat(depth)}{rest+}` as '/x', () => -depth)
      }
    })
    for (const path of ['/a'.repeat(5000), '/'.repeat(20_000), '/%61'.repeat(2000), `${'/a'.repeat(11)}/nothing`])
      expect([200, 404]).toContain((await nested(service.event({ path }) as HttpEvent, fakeContext())).statusCode)
  })

  test('any method is one, or a 405 that says which are', async () => {
    const routed = lambda(http()).routes((r) => r.get('/', () => 1))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anything, fc.constantFrom('ANY', 'get', 'TRACE', 'CONNECT', '__proto__')),
        async (method) => {
          if (method === '') return
          const { statusCode, headers, multiValueHeaders } = await routed(
            service.event({ method }) as HttpEvent,
            fakeContext(),
          )
          const allow = [headers?.allow ?? multiValueHeaders?.allow].flat()[0]
          const upper = method.toUpperCase()
          expect(statusCode).toBe(['GET', 'HEAD'].includes(upper) ? 200 : upper === 'OPTIONS' ? 204 : 405)
          if (statusCode !== 200) expect(allow).toBe('GET, HEAD, OPTIONS')
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a content type is read by its essence, or the body is bytes', async () => {
    const types: [string, unknown][] = [
      ['APPLICATION/JSON', { a: 1 }],
      ['application/json ; charset=utf-16', { a: 1 }],
      ['\tapplication/json\t', { a: 1 }],
      ['application/vnd.x+JSON', { a: 1 }],
      ['text/json', '{"a":1}'],
      ['text/plain', '{"a":1}'],
      ['application/jsonx', Buffer.from('{"a":1}')],
      ['application/json, text/plain', Buffer.from('{"a":1}')],
      ['application/json\u00a0x', Buffer.from('{"a":1}')],
      ['multipart/form-data; boundary=x', Buffer.from('{"a":1}')],
      ['*/*', Buffer.from('{"a":1}')],
      ['__proto__', Buffer.from('{"a":1}')],
    ]
    for (const [type, value] of types)
      expect(
        await seen(service.event({ headers: { 'content-type': type }, body: '{"a":1}' }) as HttpEvent, (it) => it.body),
      ).toEqual(value)
  })
})

describe('an event that no service sends', () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, undefined, '', 0, 5, true, [], {}, 'text', 'GET'),
    fc.jsonValue(),
  )
  const broken = fc.record(
    {
      version: fc.oneof(fc.constantFrom('2.0', '1.0'), value),
      httpMethod: value,
      requestContext: fc.oneof(
        value,
        fc.record(
          { http: fc.oneof(value, fc.record({ method: value })), elb: value, stage: value },
          { requiredKeys: [] },
        ),
      ),
      ...{ headers: fc.constantFrom(null, undefined, {}), multiValueHeaders: fc.constantFrom(null, undefined, {}) },
      ...{ Records: value, routeKey: value, 'detail-type': value, methodArn: value },
    },
    { requiredKeys: [] },
  )

  test('is refused in a sentence, or is a request, and the function goes on', async () => {
    const handler = lambda(http()).handle(({ request }) => [request.method])
    await fc.assert(
      fc.asyncProperty(broken, async (event) => {
        const outcome = await handler(event as never, fakeContext()).catch((error: Error) => error)
        const method =
          event.version === '2.0' && (event.requestContext as { http?: { method?: unknown } } | null)?.http?.method
        if (typeof method === 'string' || typeof event.httpMethod === 'string')
          expect(outcome instanceof Error ? outcome.message : outcome.statusCode).toEqual(
            outcome instanceof Error ? expect.stringContaining('http() was given no HTTP request') : 200,
          )
        else expect((outcome as Error).message).toContain('http() was given no HTTP request')
      }),
      { numRuns: 500 },
    )
  })
})
