import { expect, test } from 'vitest'
import { type Sent, served } from '../testing.ts'
import type { AlbEvent } from './alb.ts'

const echo = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })'
const eventOf = ({ body }: Sent) => JSON.parse(body.toString()) as AlbEvent
const answers = (result: string) => `export const handler = async (event) => (${result})`
const multiValue = { front: { type: 'alb', multiValueHeaders: true } } as const

test('a bare GET: every field of the event', async () => {
  const { send, url } = await served(echo, { front: 'alb' })
  const answer = await send('/')
  const { port } = new URL(url)
  expect(eventOf(answer)).toEqual({
    requestContext: {
      elb: { targetGroupArn: expect.stringMatching(/^arn:aws:elasticloadbalancing:.*:targetgroup\/[\w-]+\/\w+$/) },
    },
    httpMethod: 'GET',
    path: '/',
    queryStringParameters: {},
    headers: {
      connection: 'keep-alive',
      host: `127.0.0.1:${port}`,
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
    },
    body: '',
    isBase64Encoded: false,
  })
  expect(answer.headers).toMatchObject({ server: 'awselb/2.0', 'content-type': 'application/octet-stream' })
})

const headers = ['Host', 'a.example', 'X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b=2']

test('path and query stay encoded; names in lower case; of several the last', async () => {
  const { send } = await served(echo, { front: 'alb' })
  const event = eventOf(await send('/a%20b/c%2Fd?a=1&a=%26&b%20c=x+y&e&__proto__=p', { headers }))
  expect(event).toMatchObject({ path: '/a%20b/c%2Fd', headers: { 'x-a': '2', cookie: 'a=1; b=2', host: 'a.example' } })
  expect(Object.entries(event.queryStringParameters!)).toEqual([
    ['a', '%26'],
    ['b%20c', 'x+y'],
    ['e', ''],
    ['__proto__', 'p'],
  ])
  expect(event).not.toHaveProperty('multiValueHeaders')
  expect(event).not.toHaveProperty('multiValueQueryStringParameters')
})

test('with multi-value headers: all values, and no single ones', async () => {
  const { send } = await served(echo, multiValue)
  const event = eventOf(await send('/?a=1&a=%26', { headers }))
  expect(event).toMatchObject({
    multiValueQueryStringParameters: { a: ['1', '%26'] },
    multiValueHeaders: { 'x-a': ['1', '2'], cookie: ['a=1; b=2'], 'x-forwarded-for': ['127.0.0.1'] },
  })
  expect(event).not.toHaveProperty('headers')
  expect(event).not.toHaveProperty('queryStringParameters')
})

test.each([
  ['application/json', {}, '{"a":"ü"}', false],
  ['text/csv', {}, 'a;b', false],
  ['application/x-www-form-urlencoded', {}, 'YT0x', true],
  ['application/json', { 'Content-Encoding': 'gzip' }, 'e30=', true],
])('a body of type %s with %j', async (type, more, body, isBase64Encoded) => {
  const { send } = await served(echo, { front: 'alb' })
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  const event = eventOf(await send('/', { method: 'POST', headers: { 'Content-Type': type, ...more }, body: bytes }))
  expect([event.body, event.isBase64Encoded]).toEqual([body, isBase64Encoded])
  expect(event.headers!['content-length']).toBe(String(bytes.length))
})

test('headers with the names of what every object has are headers like others', async () => {
  const { send } = await served(answers(`{ statusCode: 200, headers: { constructor: 'a' } }`), {
    front: 'alb',
  })
  const headers = Object.entries((await send('/')).headers)
  expect(headers).toEqual(expect.arrayContaining([['constructor', 'a']]))
})

test('the words after the status are the function’s', async () => {
  const { send } = await served(answers(`JSON.parse(decodeURIComponent(event.queryStringParameters.r))`), {
    front: 'alb',
  })
  const said = async (result: object) => {
    const { status, statusText } = await send(`/?r=${encodeURIComponent(JSON.stringify(result))}`)
    return [status, statusText]
  }
  expect(await said({ statusCode: 201, statusDescription: '201 Well Made' })).toEqual([201, 'Well Made'])
  expect(await said({ statusCode: 200, statusDescription: 'Fine' })).toEqual([200, 'Fine'])
  expect(await said({ statusCode: 404 })).toEqual([404, 'Not Found'])
})

const result = `{ statusCode: 200, body: 'AP8=', isBase64Encoded: true,
  headers: { 'X-A': 'single', 'set-cookie': 'a=1', 'Set-Cookie': 'b=2', 'Content-Type': 'a/b' },
  multiValueHeaders: { 'X-A': ['1', '2'], 'Set-Cookie': ['c=3', 'd=4'], 'Content-Type': ['c/d'] } }`

test('single values are read without multi-value headers, lists with them, and never both', async () => {
  const single = await (await served(answers(result), { front: 'alb' })).send('/')
  expect(single.headers).toMatchObject({ 'x-a': 'single', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'a/b' })
  expect(single.body).toEqual(Buffer.from([0, 255]))
  const several = await (await served(answers(result), multiValue)).send('/')
  expect(several.headers).toMatchObject({ 'x-a': '1, 2', 'set-cookie': ['c=3', 'd=4'], 'content-type': 'c/d' })
  expect(several.body).toEqual(Buffer.from([0, 255]))
})

test.each([
  ["'Hello'", 'it is no object'],
  ['{ id: 1 }', 'statusCode must be a number'],
  ['{ statusCode: 200, body: 7 }', 'body must be a text, got number'],
  ["{ statusCode: 200, headers: { a: ['1'] } }", 'header a must be a text'],
  ["{ statusCode: 200, statusDescription: 'a\\r\\nb: c' }", 'statusDescription must be a text'],
  ["{ statusCode: 200, body: 'x'.repeat(1024 * 1024) }", 'larger than 1048576 bytes'],
])('the malformed result %s is 502, and says why', async (malformed, reason) => {
  const { send, events } = await served(answers(malformed), { front: 'alb' })
  const answer = await send('/')
  expect(answer.status).toBe(502)
  expect(answer.headers).toMatchObject({ server: 'awselb/2.0', 'content-type': 'text/html' })
  expect(answer.body.toString()).toContain('<center><h1>502 Bad Gateway</h1></center>')
  expect(events.find(({ type }) => type === 'badResponse')).toMatchObject({
    statusCode: 502,
    reason: expect.stringContaining(reason),
  })
})

test('a failure, a timeout and a throttle are 502; a body over 1 MB is 413', async () => {
  const source = `export const handler = ({ path }) => { if (path === '/throw') throw new Error('secret')
    return new Promise(() => setInterval(() => {}, 100)) }`
  const { send } = await served(source, { front: 'alb', timeout: 1 })
  for (const path of ['/throw', '/hang']) {
    const answer = await send(path)
    expect(answer.status).toBe(502)
    expect(answer.body.toString()).not.toContain('secret')
  }
  const none = await served(echo, { front: 'alb', reservedConcurrency: 0 })
  expect((await none.send('/')).status).toBe(502)
  expect((await send('/', { method: 'POST', body: Buffer.alloc(1024 * 1024 + 1) })).status).toBe(413)
})
