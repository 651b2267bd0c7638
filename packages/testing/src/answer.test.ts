import { expect, test } from 'vitest'
import { readAnswer } from './index.ts'

test('format 2.0: cookies apart, base64 or not', () => {
  const answer = readAnswer({
    statusCode: 201,
    headers: { 'X-A': 'b', 'Content-Type': 'application/json' },
    cookies: ['a=1; Secure'],
    body: 'eyJhIjoxfQ==',
    isBase64Encoded: true,
  })
  expect(answer).toMatchObject({
    status: 201,
    headers: { 'x-a': 'b', 'content-type': 'application/json' },
    cookies: ['a=1; Secure'],
    body: '{"a":1}',
  })
  expect(answer.json()).toEqual({ a: 1 })
  expect([...readAnswer({ statusCode: 200, body: 'AP8=', isBase64Encoded: true }).bytes]).toEqual([0, 255])
  expect(readAnswer({ statusCode: 200, body: 'hé' }).body).toBe('hé')
})

test('format 1.0 and load balancers: several values of a header, and of set-cookie', () => {
  expect(
    readAnswer({
      statusCode: 200,
      headers: { 'X-A': 'a', 'x-b': 5, 'X-C': 'c' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-a': ['b', 'c'], 'x-c': ['c', 'd'] },
    }),
  ).toMatchObject({ cookies: ['a=1', 'b=2'], headers: { 'x-a': 'a, b, c', 'x-b': '5', 'x-c': 'c, d' }, body: '' })
  expect(readAnswer({ statusCode: 200, headers: { 'set-cookie': 'a=1', 'Set-cookie': 'b=2' } })).toMatchObject({
    cookies: ['a=1', 'b=2'],
    headers: {},
  })
  expect(readAnswer({ statusCode: 204, headers: null, multiValueHeaders: null, body: null })).toMatchObject({
    status: 204,
    body: '',
  })
})

test('what is no answer is refused, as services do', () => {
  expect(() => readAnswer({ body: 'x' })).toThrow('it has no statusCode: {"body":"x"}')
  expect(() => readAnswer(undefined)).toThrow('it has no statusCode')
  expect(() => readAnswer({ statusCode: '200' })).toThrow('it has no statusCode that is a number')
  expect(() => readAnswer({ statusCode: 200, body: { a: 1 } })).toThrow('its body is no text, but object')
  expect(() => readAnswer({ statusCode: 200, body: 'x' }).json()).toThrow(SyntaxError)
  expect(() => readAnswer({ statusCode: 200 }, { infered: true } as never)).toThrow('did you mean `inferred`?')
})

test('HTTP APIs and function URLs infer an answer', () => {
  const inferred = { inferred: true }
  expect(readAnswer({ a: 1 }, inferred)).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  })
  expect(readAnswer('hello', inferred).body).toBe('hello')
  expect(readAnswer(null, inferred).body).toBe('null')
  expect(readAnswer({ statusCode: 404, body: 'x' }, inferred).status).toBe(404)
  expect(() => readAnswer({ statusCode: 'x' }, inferred)).toThrow('that is a number')
  expect(() => readAnswer(undefined, inferred)).toThrow('it has no statusCode')
})
