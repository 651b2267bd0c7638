import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { httpApi } from '../test/requests.ts'
import { http } from './index.ts'

/** A body, and whether it was told to stop. */
const body = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => unknown) => {
  const told: { reason?: unknown } = {}
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => pull(controller) as Promise<void>,
    cancel: (reason) => {
      told.reason = reason
    },
  })
  return { stream, told }
}
const answered = async (response: Response, timeout = 30_000) =>
  collectLogs(() =>
    lambda(http(), { grace: 0 }).handle(() => response)(httpApi({}), fakeContext({ timeout, awsRequestId: 'id' })),
  )

describe('the body of a Response that', () => {
  test('never goes on is told to stop at the deadline, which is what is answered', async () => {
    const { stream, told } = body(() => new Promise(() => {}))
    const { result } = await answered(new Response(stream), 40)
    expect(result.statusCode).toBe(504)
    expect(told.reason).toMatchObject({ name: 'DeadlineError' })
  })

  test('never ends is told to stop when it is more than Lambda takes', async () => {
    const chunk = new Uint8Array(100_000)
    let pulls = 0
    const { stream, told } = body((controller) => {
      pulls++
      controller.enqueue(chunk)
    })
    const { result, logs } = await answered(new Response(stream))
    expect(result.statusCode).toBe(500)
    expect(told.reason).toMatchObject({ message: expect.stringMatching('more than 6 MiB') })
    expect(logs.stderr).toContain('more than 6 MiB')
    expect(pulls).toBeLessThan(80)
  })

  test('is just as much as Lambda takes is given', async () => {
    const { result } = await answered(new Response(new Uint8Array(6 * 2 ** 20)))
    expect([result.statusCode, result.body?.length]).toEqual([200, 8 * 2 ** 20])
  })

  test.each([
    ['fails', () => new Response(body((controller) => controller.error(new Error('reset'))).stream), 'reset'],
    [
      'is no bytes',
      () => new Response(body((controller) => controller.enqueue('text' as never)).stream),
      'TypeError: a Response gives bytes, not a string',
    ],
  ])('%s is a 500, and in the log', async (_, make, says) => {
    const { result, logs } = await answered(make())
    expect(result.statusCode).toBe(500)
    expect(logs.stderr).toContain(says)
  })

  test('has been read already is a 500, and no empty answer', async () => {
    const response = new Response('x')
    await response.text()
    const { result, logs } = await answered(response)
    expect(result.statusCode).toBe(500)
    expect(logs.stderr).toContain('has been read already')
  })

  test('comes in pieces is put together', async () => {
    const pieces = [[0xc3], [0xa9, 0x21], []].map((bytes) => new Uint8Array(bytes))
    const { stream } = body((controller) => {
      const piece = pieces.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    })
    const { result } = await answered(new Response(stream, { headers: { 'content-type': 'text/plain' } }))
    expect(result.body).toBe('é!')
  })
})

const of = (fn: () => Response | Promise<Response>) => lambda(http()).handle(fn)(httpApi({}), fakeContext())

test.each([
  ['text', 'text/html; charset=UTF-8', 'é'],
  ['JSON', 'application/problem+json', 'é'],
  ['XML', 'application/atom+xml;charset="utf-8"', 'é'],
  ['JavaScript', 'APPLICATION/JavaScript', 'é'],
  ['a form', 'application/x-www-form-urlencoded', 'é'],
  ['text in another charset', 'text/plain; charset=iso-8859-1', undefined],
  ['what only begins as JSON', 'application/jsonx', undefined],
  ['what is like text', 'x-text/plain', undefined],
  ['what is like JSON', 'image/json', undefined],
  ['an archive', 'application/zip', undefined],
])('a Response of %s is text where it is one', async (_, type, text) => {
  const answer = await of(() => new Response(new TextEncoder().encode('é'), { headers: { 'content-type': type } }))
  expect(answer).toEqual({
    statusCode: 200,
    headers: { 'content-type': type },
    body: text ?? 'w6k=',
    isBase64Encoded: text === undefined,
  })
})

test('a Response without a type is bytes, and said to be', async () => {
  expect(await of(() => new Response(new Uint8Array([0, 255])))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/octet-stream' },
    body: 'AP8=',
    isBase64Encoded: true,
  })
})

test('an encoded Response stays as it is', async () => {
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
  const answer = await of(() => new Response(gzipSync('hello'), { headers }))
  expect(answer).toMatchObject({ headers, isBase64Encoded: true })
  expect(gunzipSync(Buffer.from(answer.body ?? '', 'base64')).toString()).toBe('hello')
})

test('a Response that was fetched is passed on, without what was between the hops', async () => {
  const server = createServer((_, response) => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip', 'keep-alive': 'timeout=5', te: 'x' }
    response.writeHead(203, { ...headers, 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] }).end(gzipSync('hello'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const answer = await of(() => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
  server.close()
  expect(answer).toEqual({
    statusCode: 203,
    headers: { 'content-type': 'text/plain', 'x-a': 'b', date: expect.any(String) },
    cookies: ['a=1', 'b=2'],
    body: 'hello',
    isBase64Encoded: false,
  })
})

test('a Response keeps none of the lengths and hops of whoever made it', async () => {
  const hops = 'connection content-length keep-alive proxy-authenticate te trailer transfer-encoding upgrade'.split(' ')
  const headers = Object.fromEntries(hops.map((name) => [name, '1']))
  const kept = { 'content-type': 'text/plain', 'te-x': '1', 'x-te': '1', 'upgrade-insecure-requests': '1' }
  const answer = await of(() => new Response('x', { headers: { ...headers, ...kept } }))
  expect(answer.headers).toEqual(kept)
})
