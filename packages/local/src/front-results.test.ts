import { expect, test } from 'vitest'
import { served } from './testing.ts'

const binary = Buffer.from([0, 255, 254, 10])

test.each([
  ['{ id: 1 }', 200, 'application/json', '{"id":1}'],
  ["'Hello'", 200, 'application/json', 'Hello'],
  ['[1, 2]', 200, 'application/json', '[1,2]'],
  ['null', 200, 'application/json', 'null'],
  ['undefined', 200, 'application/json', 'null'],
  ["{ statusCode: 201, body: 'made' }", 201, 'text/plain;charset=UTF-8', 'made'],
  ['{ statusCode: 404 }', 404, 'text/plain;charset=UTF-8', ''],
  ["{ statusCode: '202', headers: { 'Content-Type': 'text/html' }, body: '<p>' }", 202, 'text/html', '<p>'],
  [
    "{ statusCode: 200, body: 'AP/+Cg==', isBase64Encoded: true }",
    200,
    'text/plain;charset=UTF-8',
    binary.toString('latin1'),
  ],
])('the result %s', async (result, status, type, body) => {
  const { send } = await served(`export const handler = async () => (${result})`)
  const answer = await send('/')
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe(type)
  expect(answer.body.toString('latin1')).toBe(body)
  expect(answer.headers['content-length']).toBe(String(answer.body.length))
})

test('headers and cookies of a result', async () => {
  const { send } = await served(`export const handler = async () => ({ statusCode: 200, cookies: ['a=1; Path=/', 'b=2'],
    headers: { 'X-Number': 7, 'X-Bool': true, 'X-Latin': 'caf\\xe9', 'Set-Cookie': 'c=3', 'Content-Length': '999', 'Transfer-Encoding': 'chunked', Connection: 'close', 'X-None': null } })`)
  const { headers } = await send('/')
  expect(headers).toMatchObject({
    'x-number': '7',
    'x-bool': 'true',
    'x-latin': 'caf\xe9',
    'content-length': '0',
    connection: 'keep-alive',
  })
  expect(headers['set-cookie']).toEqual(['c=3', 'a=1; Path=/', 'b=2'])
  expect(headers).not.toHaveProperty('x-none')
  expect(headers).not.toHaveProperty('transfer-encoding')
})

test.each([
  ["{ statusCode: 'abc' }", 'statusCode'],
  ['{ statusCode: 99 }', 'statusCode'],
  ['{ statusCode: 200, body: { a: 1 } }', 'body must be a text, got object'],
  ["{ statusCode: 200, headers: 'x' }", 'headers must be an object'],
  ["{ statusCode: 200, headers: { a: ['1'] } }", 'header a must be a text'],
  ["{ statusCode: 200, headers: { 'x-a': 'b\\r\\nset-cookie: evil=1' } }", 'header "x-a" has characters'],
  ["{ statusCode: 200, headers: { 'x a': '1' } }", 'header "x a" has characters'],
  ["{ statusCode: 200, headers: { 'x-a': '\\u20ac' } }", 'header "x-a" has characters'],
  ["{ statusCode: 200, cookies: 'a=1' }", 'cookies must be a list'],
  ["{ statusCode: 200, cookies: ['a=1\\n'] }", 'a cookie has characters'],
])('the malformed result %s is 500, and says why', async (result, reason) => {
  const { send, events } = await served(`export const handler = async () => (${result})`)
  const answer = await send('/')
  expect(answer.status).toBe(500)
  expect(answer.body.toString()).toBe('{"message":"Internal Server Error"}')
  expect(answer.headers).not.toHaveProperty('set-cookie')
  expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({ reason: expect.stringContaining(reason) })
})

test('HEAD, 204 and 304 have no body', async () => {
  const { send } = await served(
    "export const handler = async ({ rawPath }) => ({ statusCode: Number(rawPath.slice(1)), body: 'text' })",
  )
  const head = await send('/200', { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  expect(head.headers['content-length']).toBe('4')
  for (const status of [204, 304]) {
    const answer = await send(`/${status}`)
    expect(answer).toMatchObject({ status, body: Buffer.alloc(0) })
    expect(answer.headers).not.toHaveProperty('content-length')
  }
})
