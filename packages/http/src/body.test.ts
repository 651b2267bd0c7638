import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { httpApi, type Sent } from '../test/requests.ts'
import { seen } from '../test/seen.ts'
import { type HttpOptions, http } from './index.ts'

const sent = (body: string | Uint8Array, contentType?: string, more: Sent = {}) =>
  httpApi({
    method: 'POST',
    ...(typeof body === 'string' ? { body } : { body: Buffer.from(body).toString('base64'), base64: true }),
    ...more,
    headers: { ...(contentType !== undefined && { 'content-type': contentType }), ...more.headers },
  })
const value = (body: string | Uint8Array, contentType?: string) =>
  seen(sent(body, contentType), (request) => request.body)
const utf8 = (text: string) => new TextEncoder().encode(text)

/** How an answer refuses what a handler reads. */
const refusal = async (
  event: ReturnType<typeof sent>,
  options?: HttpOptions,
  read: 'body' | 'text' | 'bytes' = 'body',
) => {
  const handler = lambda(http(options)).handle(({ request }) => {
    if (read === 'body') void request.body
    else request[read]()
  })
  const { statusCode, headers, body } = await handler(event, fakeContext())
  return { status: statusCode, headers, ...(body && (JSON.parse(body) as object)) }
}
const form = 'application/x-www-form-urlencoded'

describe('a form', () => {
  test('is an object of its fields, with an array for one sent several times', async () => {
    expect(await value('a=1&b=2&a=3&a=4&c=&d&constructor=x&%C3%A9=+%26', form)).toEqual({
      a: ['1', '3', '4'],
      b: '2',
      c: '',
      d: '',
      constructor: 'x',
      é: ' &',
    })
  })

  test('has at most a thousand fields', async () => {
    const fields = (length: number) => Array.from({ length }, (_, i) => `f${i}=1`).join('&')
    expect(Object.keys((await value(fields(1000), form)) as object)).toHaveLength(1000)
    expect(await refusal(sent(fields(1001), form))).toMatchObject({
      status: 400,
      detail: `the body, read as ${form}, is not as it must be: see errors`,
      errors: [{ in: 'body', detail: 'a form of more than 1000 fields' }],
    })
  })

  test('names no prototype', async () => {
    expect(await refusal(sent('a=1&__proto__=2', form))).toMatchObject({
      status: 400,
      errors: [{ in: 'body', detail: 'the key `__proto__` is refused' }],
    })
  })
})

describe('a content type', () => {
  test('is taken by its essence', async () => {
    expect(await value('{"a":1}', ' Application/Problem+JSON;x="; y" ')).toEqual({ a: 1 })
    expect(await value('a=1', `${form.toUpperCase()} ; charset=utf-8`)).toEqual({ a: '1' })
    expect(await value('[1]', 'TEXT/csv; header=present')).toBe('[1]')
    expect(await value('[1]', 'application/jsonp')).toEqual(Buffer.from('[1]'))
    expect(await value('[1]', 'application/text/plain')).toEqual(Buffer.from('[1]'))
    expect(await value('[1]', ';')).toEqual(Buffer.from('[1]'))
  })

  test('of text goes for bytes too, which must be UTF-8', async () => {
    expect(await value(utf8('é'), 'text/plain')).toBe('é')
    for (const text of ['a\ufeffb', '\ufeffa\ufeffb']) {
      expect(await value(text, 'text/plain')).toBe('a\ufeffb')
      expect(await value(utf8(text), 'text/plain')).toBe('a\ufeffb')
    }
    expect(await refusal(sent(new Uint8Array([0xff]), 'text/plain'))).toMatchObject({
      status: 400,
      errors: [{ in: 'body', detail: 'not valid UTF-8' }],
    })
  })
})

test('bytes that were sent as text are its UTF-8', async () => {
  const bytes = await seen(sent('é\ud83d\ude00', 'image/png'), (request) => [request.bytes(), request.body])
  expect(bytes).toEqual([Buffer.from('é😀', 'utf8'), Buffer.from('é😀', 'utf8')])
})

test('a byte order mark before JSON is left out', async () => {
  expect(await value(utf8('\ufeff{"a":1}'), 'application/json')).toEqual({ a: 1 })
})

test('nothing is no body, whatever its type', async () => {
  for (const type of ['application/json', form, 'text/plain', 'image/png', undefined])
    expect(await value('', type)).toBeUndefined()
})

test('a body that was read is the same when it is read again', async () => {
  const [first, again] = await seen(sent('{"a":1}'), (request) => [request.body, request.body])
  expect(first).toEqual({ a: 1 })
  expect(again).toBe(first)
})

describe('the cap', () => {
  const over = { status: 413, detail: 'the body has more than 9 bytes' }
  const limit = { bodyLimit: 9 }
  const read = ['body', 'text', 'bytes'] as const

  test.each(read)('holds for %s', async (read) => {
    for (const body of ['123456789', 'ééééa', utf8('123456789'), utf8('12345678'), utf8('1234567'), '123'])
      expect(await refusal(sent(body, 'text/plain'), limit, read)).toMatchObject({ status: 204 })
    for (const body of ['1234567890', 'ééééé', '€€€a', utf8('1234567890'), utf8('12345678901'), utf8('123456789012')])
      expect(await refusal(sent(body, 'text/plain'), limit, read)).toMatchObject(over)
  })

  test('is a mebibyte by default', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024)
    expect(await refusal(sent(mebibyte, 'text/plain'))).toMatchObject({ status: 204 })
    expect(await refusal(sent(`${mebibyte}x`, 'text/plain'))).toMatchObject({
      status: 413,
      detail: 'the body has more than 1048576 bytes',
    })
  })

  test('may be nothing at all', async () => {
    expect(await refusal(sent('', 'text/plain'), { bodyLimit: 0 })).toMatchObject({ status: 204 })
    expect(await refusal(sent('x', 'text/plain'), { bodyLimit: 0 })).toMatchObject({ status: 413 })
  })
})

test.each(['body', 'text', 'bytes'] as const)(
  'an encoded body is not taken for %s, and the client is told what is',
  async (read) => {
    for (const body of ['x', new Uint8Array([0x1f, 0x8b])]) {
      expect(await refusal(sent(body, 'text/plain', { headers: { 'content-encoding': 'gzip' } }), {}, read)).toEqual(
        expect.objectContaining({
          status: 415,
          headers: { 'content-type': 'application/problem+json', 'accept-encoding': 'identity' },
          detail: 'a body with the content-encoding "gzip" is not taken',
        }),
      )
      const identity = sent(body, 'text/plain', { headers: { 'content-encoding': 'identity' } })
      if (typeof body === 'string') expect(await refusal(identity, {}, read)).toMatchObject({ status: 204 })
    }
  },
)
