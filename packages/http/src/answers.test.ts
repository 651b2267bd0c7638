import { HttpError, lambda } from '@fnware/core'
import { collectLogs, fakeContext, type HttpAnswer, readAnswer } from '@fnware/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anything, printable, token } from '../test/arbitraries.ts'
import { type Service, services } from '../test/services.ts'
import { type HttpContext, type HttpResult, http, reply } from './index.ts'

// What a handler answers is what a client reads, in each service's own shape, and nothing that it did not answer.

const answered = async ({ event }: Service, fn: (ctx: HttpContext) => unknown): Promise<HttpResult> => {
  const handler = lambda(http()).handle(fn)
  const { result } = await collectLogs(() => handler(event({ method: 'GET' }), fakeContext({ awsRequestId: 'id' })))
  // As Lambda hands it on.
  return JSON.parse(JSON.stringify(result)) as HttpResult
}
const property = <T>(arbitrary: fc.Arbitrary<T>, check: (service: Service, value: T) => Promise<void>): void => {
  test.each(services)('$name', async (service) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, (value) => check(service, value)),
      { numRuns: 150 },
    )
  })
}
/** The keys that a service reads; it does not mind an absent one. */
const keys = ({ name }: Service) =>
  name.startsWith('ALB')
    ? ['statusCode', 'statusDescription', name === 'ALB' ? 'headers' : 'multiValueHeaders', 'body', 'isBase64Encoded']
    : ['statusCode', 'headers', name === 'REST API' ? 'multiValueHeaders' : 'cookies', 'body', 'isBase64Encoded']

const ours = new Set(['content-type', 'set-cookie', 'vary', '__proto__'])
const headers = fc
  .uniqueArray(fc.tuple(token, printable), { selector: ([name]) => name.toLowerCase(), maxLength: 5 })
  .map((pairs) => pairs.filter(([name]) => !ours.has(name.toLowerCase())))
const cookies = fc.array(
  fc.tuple(token, token).map(([name, value]) => `${name}=${value}; Path=/; HttpOnly`),
  { maxLength: 4 },
)
const lower = (pairs: readonly (readonly [string, string])[]) =>
  Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))

describe('status, headers, cookies and body', () => {
  const bodies = fc.oneof(
    fc.jsonValue().map((value) => ({ body: value, read: (it: HttpAnswer) => it.json(), type: 'application/json' })),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => ({
      body: bytes,
      read: (it: HttpAnswer) => new Uint8Array(it.bytes),
      type: 'application/octet-stream',
    })),
    anything.map((text) => ({ body: text, read: (it: HttpAnswer) => it.body, type: 'text/plain' })),
  )
  const statuses = fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304)
  property(fc.tuple(statuses, headers, headers, cookies, cookies, bodies), async (service, sent) => {
    const [status, own, set, ownCookies, setCookies, { body, read, type }] = sent
    const result = await answered(service, ({ response }) => {
      for (const [name, value] of set) response.headers.append(name, value)
      for (const cookie of setCookies) response.headers.append('Set-Cookie', cookie)
      const typed = type === 'text/plain' ? { 'Content-Type': type } : {}
      return reply(status, body, { ...Object.fromEntries(own), ...typed, 'Set-Cookie': ownCookies })
    })
    expect(keys(service)).toEqual(expect.arrayContaining(Object.keys(result)))
    const answer = readAnswer(result)
    expect(answer.status).toBe(status)
    expect(answer.headers).toEqual({ ...lower(set), ...lower(own), 'content-type': type })
    expect(answer.cookies).toEqual([...setCookies, ...ownCookies])
    expect(JSON.stringify(read(answer))).toBe(JSON.stringify(body))
  })
})

describe('what is no header cannot be sent, nor anything with it', () => {
  const hostile = fc.oneof(
    anything,
    fc
      .tuple(printable, fc.constantFrom('\r', '\n', '\0', '\r\nSet-Cookie: a=1', '\u010a', '\u2028', '\x7f', '\x1b'))
      .map((parts) => parts.join('')),
  )
  const places: ((name: string, value: string) => (ctx: HttpContext) => unknown)[] = [
    (name, value) => () => reply(200, 1, { [name]: value }),
    (name, value) => () => reply(200, 1, { [name]: [value, value] }),
    (name, value) => (ctx) => ctx.response.headers.set(name, value),
    (name, value) => (ctx) => ctx.response.headers.append(name, value),
    (name, value) => () => {
      throw new HttpError(400, value, {
        headers: { [name]: value },
        title: value,
        type: value,
        extensions: { [name]: value },
      })
    },
  ]
  const name = fc.oneof(
    { weight: 2, arbitrary: token },
    hostile,
    fc.constantFrom('set-cookie', 'Content-Type', 'vary', 'x-a'),
  )
  property(fc.tuple(name, hostile, fc.constantFrom(...places)), async (service, [name, value, place]) => {
    const result = await answered(service, place(name, value))
    const { headers = {}, multiValueHeaders = {}, cookies = [] } = result
    const all = [
      ...Object.entries(headers),
      ...Object.entries(multiValueHeaders),
      ...cookies.map((it) => ['set-cookie', it]),
    ]
    for (const [name, values] of all) {
      expect(name).toMatch(/^[!#$%&'*+.^_`|~\w-]+$/)
      for (const value of [values].flat()) expect(value).toMatch(/^[\t -~\x80-\xff]*$/)
    }
    const taken = /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t -~\x80-\xff]*$/.test(value)
    // A problem's content type is its own.
    const replaced = name.toLowerCase() === 'content-type' && result.statusCode === 400
    expect(taken || replaced ? [200, 204, 400] : [500]).toContain(result.statusCode)
  })
})

describe('an answer without a body has none, whatever is said', () => {
  property(fc.tuple(fc.constantFrom(204, 304), fc.jsonValue(), headers), async (service, [status, body, headers]) => {
    const result = await answered(service, () => reply(status, body, Object.fromEntries(headers)))
    expect(result.body).toBeUndefined()
    expect(readAnswer(result).headers).toEqual(lower(headers))
  })
})

describe('a value that JSON has no word for is a 500, and says nothing of itself', () => {
  const unwritable = fc.constantFrom<unknown>(
    5n,
    { deep: [{ secret: 1n }] },
    Symbol('secret'),
    () => 'secret',
    Promise.resolve('secret'),
    new Map([['secret', 1]]),
    Object.defineProperty({}, 'secret', { enumerable: true, get: () => JSON.parse('secret') }),
    { toJSON: () => JSON.parse('secret') },
    { toJSON: () => undefined },
  )
  property(unwritable, async (service, value) => {
    const result = await answered(service, () => reply(200, value))
    expect(result.statusCode).toBe(500)
    expect(result.body).toBe('{"title":"Internal Server Error","status":500,"requestId":"id"}')
  })
})
