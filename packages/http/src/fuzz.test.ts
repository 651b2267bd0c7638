import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { formats, type Sent } from '../test/requests.ts'
import { http, reply } from './index.ts'

const handler = lambda(http({ trustedHops: 1, bodyLimit: 200 })).routes((r) => {
  r.any('/read/{proxy+}', ({ request, params, query, body }) => ({
    ...{ params, query, queries: request.queries, cookies: request.cookies, headers: request.headers },
    ...{
      ip: request.ip,
      contentType: request.contentType,
      text: request.text(),
      size: request.bytes().length,
      body: typeof body,
    },
  }))
  r.post(
    '/checked/{id}',
    { params: z.object({ id: z.coerce.number() }), query: z.object({ a: z.string() }), body: z.object({ n: z.int() }) },
    ({ body }) => body,
  )
  r.get('/{x}', ({ params, response }) => {
    response.headers.set('x-length', `${params.x.length}`)
    return reply(200, params)
  })
})

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '%', '%zz', '%00', '%2F', '..', '__proto__', 'constructor', '\r\n', 'é', ';', '=', '"', ','),
)
const bodies = fc.oneof(
  text,
  fc.json(),
  fc.constantFrom(
    '{"__proto__":1}',
    '{"n":1}',
    '{',
    '[]',
    'null',
    '\ufeff{}',
    'a=1&a=2&__proto__=3',
    `"${'x'.repeat(300)}"`,
  ),
)
const types = fc.oneof(
  text,
  fc.constantFrom(
    'application/json',
    'APPLICATION/JSON;charset=x',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/problem+json',
    'image/png',
    ' application/json',
  ),
)
const sent: fc.Arbitrary<Sent> = fc.record(
  {
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE', 'get', 'BREW'), text),
    path: fc.oneof(
      fc.constantFrom('/', '/read/x', '/checked/1', '/checked/x', '/x'),
      text.map((t) => `/read/${t}`),
      text.map((t) => `/${t}`),
      text,
    ),
    query: text,
    headers: fc.dictionary(
      fc.oneof(text, fc.constantFrom('x-forwarded-for', 'content-encoding', 'content-type', 'cookie', '__proto__')),
      fc.oneof(text, types),
      { maxKeys: 4 },
    ),
    cookies: fc.array(text, { maxLength: 3 }),
    body: bodies,
    base64: fc.boolean(),
  },
  { requiredKeys: [] },
)

test.each(formats)('whatever a client sends through %s, it is answered, and never by a 500', async (_, format) => {
  await fc.assert(
    fc.asyncProperty(sent, types, async (request, type) => {
      const headers = { 'content-type': type, ...request.headers }
      const { statusCode, body, isBase64Encoded } = await handler(format({ ...request, headers }), fakeContext())
      expect([200, 204, 400, 404, 405, 413, 415]).toContain(statusCode)
      if (body !== undefined && !isBase64Encoded) expect(() => JSON.parse(body)).not.toThrow()
      expect(({} as Record<string, unknown>).n).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})
