import { type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { type FrontOptions, type LocalLambda, localLambda } from '@fnware/local'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// One function, behind every service: what a client sends reaches it the same way, and its answers the client.

const fronts: Readonly<Record<string, { readonly front: FrontOptions; readonly prefix?: string }>> = {
  'HTTP API': { front: 'http-api' },
  'REST API': { front: { type: 'rest-api', binaryMediaTypes: ['*/*'] } },
  'REST API with a stage': { front: { type: 'rest-api', stage: 'prod', binaryMediaTypes: ['*/*'] }, prefix: '/prod' },
  'function URL': { front: 'function-url' },
  'load balancer': { front: 'alb' },
  'load balancer with multi-value headers': { front: { type: 'alb', multiValueHeaders: true } },
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

describe.each(Object.entries(fronts))('%s', (name, { front, prefix = '' }) => {
  let lambda: LocalLambda
  let url: URL
  beforeAll(async () => {
    lambda = localLambda({
      functions: {
        api: {
          code: join(import.meta.dirname, 'fronts'),
          handler: 'index.handler',
          front,
          environment: { NODE_OPTIONS: '--conditions=@fnware/source' },
        },
      },
      port: 0,
    })
    url = new URL(await lambda.listen())
  })
  afterAll(() => lambda.close())

  const send = (method: string, path: string, headers: string[] = [], body?: string | Buffer) =>
    new Promise<Answer>((done, failed) => {
      const { hostname, port } = url
      const own = ['Host', `${hostname}:${port}`, ...(body ? ['Content-Length', String(Buffer.byteLength(body))] : [])]
      const options = { hostname, port, method, path: prefix + path, headers: [...own, ...headers] }
      const sent = request(options as object, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          done({ status: response.statusCode as number, headers: response.headers, body: Buffer.concat(chunks) }),
        )
      })
      sent.on('error', failed)
      sent.end(body)
    })
  const json = ({ body }: Answer) => JSON.parse(body.toString()) as Record<string, unknown>

  test('a request, with all that it says', async () => {
    const headers = ['Content-Type', 'application/json; charset=utf-8', 'X-One', 'eins', 'X-Twice', '1', 'x-twice', '2']
    headers.push('Cookie', 'session=s-1; theme=dark')
    const path = '/shops/ber%20lin/orders?tag=new%26old&tag=large&page=2&empty='
    const answer = await send('POST', path, headers, '{"sku":"ü-1"}')
    expect(answer.status).toBe(201)
    const lastOnly = name === 'load balancer'
    expect(json(answer)).toEqual({
      method: 'POST',
      path: '/shops/ber%20lin/orders',
      params: { shop: 'ber lin' },
      queries: { tag: lastOnly ? ['large'] : ['new&old', 'large'], page: ['2'], empty: [''] },
      cookies: { session: 's-1', theme: 'dark' },
      ip: '127.0.0.1',
      contentType: 'application/json',
      body: { sku: 'ü-1' },
      twice: lastOnly ? '2' : '1,2',
      one: 'eins',
    })
    expect(answer.headers).toMatchObject({ 'x-one': 'back', 'x-always': 'yes', 'set-cookie': ['a=1; Path=/', 'b=2'] })
  })

  test('bytes and forms, there and back', async () => {
    const form = await send('PUT', '/form', ['Content-Type', 'application/x-www-form-urlencoded'], 'a=1&b=%C3%BC+x')
    expect(json(form)).toEqual({ form: { a: '1', b: 'ü x' } })
    const sent = Buffer.from([0, 255, 254, 10])
    const bytes = await send('PUT', '/bytes', ['Content-Type', 'application/octet-stream'], sent)
    expect(json(bytes)).toEqual([...sent])
    const image = await send('GET', '/bytes', ['Accept', 'image/png'])
    expect([image.status, image.headers['content-type'], image.body]).toEqual([200, 'image/png', sent])
  })

  test('nothing, and problems', async () => {
    const nothing = await send('GET', '/nothing')
    expect([nothing.status, nothing.body.length, nothing.headers['x-always']]).toEqual([204, 0, 'yes'])
    for (const [method, path, status] of [
      ['GET', '/taken', 409],
      ['GET', '/broken', 500],
      ['DELETE', '/taken', 405],
    ] as const) {
      const answer = await send(method, path)
      expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json'])
      expect(answer.body.toString()).not.toContain('secret')
      expect(answer.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2'])
    }
  })

  test.each(['/a/b', '/a%2Fb/c', '/%C3%BC', '/a+b', '/100%25'])('the path %s, decoded once', async (path) => {
    const answer = await send('GET', path)
    const decoded = decodeURIComponent(path.slice(1))
    expect([answer.status, json(answer)]).toEqual([200, decoded])
  })
})
