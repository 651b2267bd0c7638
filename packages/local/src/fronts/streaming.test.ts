import { request } from 'node:http'
import { expect, test } from 'vitest'
import { served, until } from '../testing.ts'
import type { FrontOptions } from './options.ts'

const url: FrontOptions = { type: 'function-url', stream: true }
const rest: FrontOptions = { type: 'rest-api', stream: true }

const streaming = (body: string) =>
  `const wait = (ms) => new Promise((over) => setTimeout(over, ms))
  export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} })`

/** With status and headers of its own, and a second part that waits until it is asked for. */
const parts = streaming(`
  const out = awslambda.HttpResponseStream.from(stream, {
    statusCode: 201, headers: { 'Content-Type': 'text/event-stream', 'X-A': 'a' }, cookies: ['a=1', 'b=2'] })
  out.write('first,')
  await wait(400)
  out.write(Buffer.from([0, 255]))
  out.end()`)

/** What has come of an answer so far. */
function open(address: string, method = 'GET') {
  const come = { status: 0, headers: {} as Record<string, unknown>, chunks: [] as Buffer[], ended: false, cut: false }
  const sent = request(address, { method }, (response) => {
    come.status = response.statusCode!
    come.headers = response.headers
    response.on('data', (chunk: Buffer) => come.chunks.push(chunk))
    response.on('end', () => {
      come.ended = true
    })
    response.on('error', () => {
      come.cut = true
    })
  })
  sent.on('error', () => {
    come.cut = true
  })
  sent.end()
  return come
}

test.each([
  ['a function URL', url],
  ['a REST API', rest],
])('%s passes on what a function writes, as it writes it', async (_, front) => {
  const run = await served(parts, { front })
  const come = open(run.url)
  await until(() => come.chunks.length === 1)
  expect([come.status, Buffer.concat(come.chunks).toString(), come.ended]).toEqual([201, 'first,', false])
  expect(come.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'x-a': 'a',
    'set-cookie': ['a=1', 'b=2'],
    'transfer-encoding': 'chunked',
    'x-amzn-requestid': expect.stringMatching(/^[\da-f-]{36}$/),
  })
  await until(() => come.ended)
  expect(Buffer.concat(come.chunks)).toEqual(Buffer.concat([Buffer.from('first,'), Buffer.from([0, 255])]))
})

test('several streams of one environment at once stay apart', async () => {
  const { lambda, url: address } = await served(
    streaming(`for (let i = 0; i < 5; i++) { stream.write(event.rawPath + i + ','); await wait(40) } stream.end()`),
    { front: url, environmentConcurrency: 4 },
  )
  await lambda.warm('f')
  const all = ['/a', '/b', '/c', '/d'].map((path) => [path, open(address + path)] as const)
  await until(() => all.every(([, come]) => come.ended))
  for (const [path, come] of all)
    expect(Buffer.concat(come.chunks).toString()).toBe([0, 1, 2, 3, 4].map((i) => `${path}${i},`).join(''))
  expect(lambda.functions[0]!.environments).toHaveLength(1)
})

test('more than a function may answer at once: 20 MB, to a client that reads slowly', async () => {
  const { send } = await served(
    streaming(`const { pipeline } = await import('node:stream/promises')
      const { Readable } = await import('node:stream')
      stream.setContentType('application/octet-stream')
      await pipeline(Readable.from((function* () { for (let i = 0; i < 320; i++) yield Buffer.alloc(65536, i) })()), stream)`),
    { front: url, timeout: 30 },
  )
  const { status, body, headers } = await send('/')
  expect([status, headers['content-type'], body.length]).toEqual([200, 'application/octet-stream', 20 * 1024 * 1024])
  for (let i = 0; i < 320; i++) expect(body[i * 65536]).toBe(i % 256)
})

test('without a status of its own it is 200; an empty one too; HEAD has no body', async () => {
  const { send, url: address } = await served(
    streaming(
      `stream.setContentType('text/plain'); if (event.rawPath !== '/empty') stream.write('text'); stream.end()`,
    ),
    { front: url },
  )
  expect(await send('/')).toMatchObject({ status: 200, body: Buffer.from('text') })
  expect((await send('/')).headers['content-type']).toBe('text/plain')
  expect(await send('/empty')).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  const head = open(address, 'HEAD')
  await until(() => head.ended)
  expect([head.status, head.chunks]).toEqual([200, []])
})

test('a handler that does not stream is answered as ever', async () => {
  const { send } = await served("export const handler = async () => ({ statusCode: 202, body: 'whole' })", {
    front: url,
  })
  const { status, body, headers } = await send('/')
  expect([status, body.toString(), headers['content-length']]).toEqual([202, 'whole', '5'])
})

test('a failure before the first byte is the front’s own error; after it the client is cut off', async () => {
  const source = streaming(`if (event.rawPath === '/late') { stream.write('half'); await wait(100) }
    throw new Error('secret')`)
  const { send, url: address } = await served(source, { front: url })
  expect(await send('/early')).toMatchObject({ status: 502, body: Buffer.from('Internal Server Error') })
  const late = open(`${address}/late`)
  await until(() => late.cut)
  expect(late.ended).toBe(false)
  expect(Buffer.concat(late.chunks).toString()).toBe('half')
})

test('a timeout in the midst of a stream cuts the client off', async () => {
  const source = streaming(`stream.write('half'); await wait(60_000)`)
  const { url: address, lambda } = await served(source, { front: url, timeout: 1 })
  const come = open(address)
  await until(() => come.cut)
  expect(Buffer.concat(come.chunks).toString()).toBe('half')
  await until(() => lambda.functions[0]!.environments.length === 0)
})

test.each([
  ["stream.setContentType('text/plain'); stream.write('x'); stream.end()", rest, 'says its status and headers first'],
  ["awslambda.HttpResponseStream.from(stream, { statusCode: 7 }).end('x')", url, 'ends before'],
  [
    "const out = awslambda.HttpResponseStream.from(stream, { statusCode: 7 }); out.write('x'); out.end()",
    url,
    'statusCode',
  ],
  [
    "const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { 'x a': '1' } }); out.write('x'); out.end()",
    rest,
    'header "x a"',
  ],
])('a stream that is no response is 502, and says why: %s', async (body, front, reason) => {
  const { send, events } = await served(streaming(body), { front })
  expect((await send('/')).status).toBe(502)
  expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({ reason: expect.stringContaining(reason) })
})

test('fronts that do not stream answer with an error of their own', async () => {
  for (const [front, status] of [
    ['http-api', 500],
    ['alb', 502],
    ['function-url', 502],
    ['rest-api', 502],
  ] as const) {
    const { send, events } = await served(parts, { front })
    expect((await send('/')).status).toBe(status)
    expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({
      reason: 'it is not JSON: a streamed response needs a front that streams',
    })
  }
})
