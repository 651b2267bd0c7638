import { once } from 'node:events'
import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { headerOf, recorder } from '../../test/recorder.ts'
import { startSecureWeb, startWeb } from '../../test/web.ts'
import { capture } from './capture.ts'

const engine = recorder()
capture(engine, { exclude: ['hidden.localhost'], withoutHeaders: ['untold.localhost'] })

afterEach(() => {
  vi.unstubAllEnvs()
  engine.spans.length = 0
})

/** A request and the whole of its answer. */
const ask = async (url: string, options: RequestOptions = {}): Promise<string> => {
  const request = (url.startsWith('https:') ? https : http).request(url, options)
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return text(response)
}

test('a request is shown below the span that it is made in, without its query and its password', async () => {
  await using web = await startWeb((_, response) => response.end('hello'))
  await engine.within('one', () => ask(`http://user:secret@localhost:${web.port}/orders/1?token=hidden#there`))
  const [span] = await engine.below('one', 1)
  expect(span).toMatchObject({
    name: 'localhost',
    kind: 'remote',
    failure: undefined,
    details: { http: { method: 'GET', url: `http://localhost:${web.port}/orders/1`, status: 200, length: 5 } },
  })
  expect(JSON.stringify(engine.spans)).not.toMatch(/secret|hidden/)
  expect(web.requests[0]?.headers['x-amzn-trace-id']).toBe(headerOf(span?.id as string))
})

test('a request over TLS, of several on one connection', async () => {
  await using web = await startSecureWeb((_, response) => response.end('x'.repeat(200_000)))
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: web.ca })
  await engine.within('one', () => Promise.all(['/a', '/b', '/c'].map((path) => ask(web.url + path, { agent }))))
  const spans = await engine.below('one', 3)
  expect(spans.map(({ details }) => details.http?.url)).toEqual(['/a', '/b', '/c'].map((path) => web.url + path))
  expect(new Set(web.requests.map(({ socket }) => socket)).size).toBe(1)
  expect(web.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual(spans.map(({ id }) => headerOf(id)))
  agent.destroy()
})

test('in parallel branches each is below its own', async () => {
  await using web = await startWeb((request, response) => {
    setTimeout(() => response.end(request.url), request.url === '/0' ? 20 : 1)
  })
  const branches = [0, 1, 2, 3].map((i) =>
    engine.within(`branch ${i}`, async () => {
      await ask(`${web.url}/${i}`)
      await ask(`${web.url}/${i}/again`)
    }),
  )
  await Promise.all(branches)
  for (const i of [0, 1, 2, 3]) {
    const spans = await engine.below(`branch ${i}`, 2)
    expect(spans.map(({ details }) => details.http?.url)).toEqual([`${web.url}/${i}`, `${web.url}/${i}/again`])
  }
})

test('what callbacks of a shared connection ask for next is below its own, as by libraries that follow redirects', async () => {
  await using web = await startSecureWeb((_, response) => response.end())
  const agent = new https.Agent({ keepAlive: true, maxSockets: 2, ca: web.ca })
  const follow = (i: number, hops: number) =>
    new Promise<void>((resolve, reject) => {
      const next = (hop: number) =>
        https
          .get(`${web.url}/${i}/${hop}`, { agent }, (response) => {
            if (hop === 1) next(2)
            response.resume().on('end', () => {
              if (hop === hops) resolve()
              else if (hop !== 1) next(hop + 1)
            })
          })
          .on('error', reject)
      next(1)
    })
  await Promise.all(Array.from({ length: 16 }, (_, i) => engine.within(`branch ${i}`, () => follow(i, 4))))
  for (let i = 0; i < 16; i++) {
    const spans = await engine.below(`branch ${i}`, 4)
    expect(spans.map(({ details }) => details.http?.url)).toEqual([1, 2, 3, 4].map((hop) => `${web.url}/${i}/${hop}`))
  }
  agent.destroy()
})

test('where nothing is traced nothing is shown, and no header added', async () => {
  await using web = await startWeb((_, response) => response.end())
  await ask(web.url)
  expect(engine.spans).toEqual([])
  expect(web.requests[0]?.headers).not.toHaveProperty('x-amzn-trace-id')
})

test("the user's own header stays, and Lambda's own does not", async () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5e988458-bbbbbbbbbbbbbbbbbbbbbbbb;Parent=0123456789abcdef;Sampled=1')
  await using web = await startWeb((_, response) => response.end())
  const lambdas = process.env._X_AMZN_TRACE_ID
  await engine.within('one', async () => {
    await ask(web.url, { headers: { 'X-Amzn-Trace-Id': 'Root=mine' } })
    await ask(web.url, { headers: { 'X-Amzn-Trace-Id': lambdas } })
    const authorization =
      'AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/x/aws4_request, SignedHeaders=host;x-amzn-trace-id, Signature=0'
    await ask(web.url, { headers: { 'X-Amzn-Trace-Id': lambdas, authorization } })
  })
  const [, second] = await engine.below('one', 3)
  expect(web.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([
    'Root=mine',
    headerOf(second?.id as string),
    lambdas,
  ])
})

test('hosts that the user excludes are not shown, or not told', async () => {
  await using web = await startWeb((_, response) => response.end())
  await engine.within('one', async () => {
    for (const host of ['hidden.localhost', 'a.hidden.localhost', 'untold.localhost', 'a.untold.localhost'])
      await ask(web.url, { headers: { host: `${host}:${web.port}` } })
  })
  const spans = await engine.below('one', 2)
  expect(spans.map(({ name }) => name)).toEqual(['untold.localhost', 'a.untold.localhost'])
  for (const { headers } of web.requests) expect(headers).not.toHaveProperty('x-amzn-trace-id')
})

test('a request whose headers are written at once is shown, and cannot be told', async () => {
  await using web = await startWeb((_, response) => response.end())
  await engine.within('one', () => ask(web.url, { headers: ['Host', `localhost:${web.port}`] }))
  expect(await engine.below('one', 1)).toMatchObject([{ name: 'localhost', details: { http: { status: 200 } } }])
})

test('statuses of errors, faults and throttles', async () => {
  await using web = await startWeb((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end()
  })
  await engine.within('one', async () => {
    for (const status of [204, 302, 404, 429, 500, 503]) await ask(`${web.url}/${status}`)
  })
  const spans = await engine.below('one', 6)
  expect(spans.map(({ failure }) => failure?.as)).toEqual([undefined, undefined, 'error', 'throttle', 'fault', 'fault'])
})

test('what is never answered is still open; what nobody reads is over', async () => {
  let hanging: Socket | undefined
  await using web = await startWeb((request, response) => {
    if (request.url === '/hang') hanging = request.socket
    else if (request.url === '/trickle') response.write('and then')
    else response.end('x'.repeat(1_000))
  })
  await engine.within('one', async () => {
    http.get(`${web.url}/unread`)
    http.get(`${web.url}/hang`).on('error', () => {})
    const [response] = await once(http.get(`${web.url}/trickle`), 'response')
    response.on('error', () => {})
    response.resume()
    await vi.waitUntil(() => hanging)
  })
  await vi.waitUntil(() => engine.spans[1]?.isOpen === false)
  expect(engine.spans.slice(2)).toMatchObject([{ isOpen: true }, { isOpen: true, details: { http: { status: 200 } } }])
})

test('faults: nobody there, no such host, reset, cut off', async () => {
  const silent = createServer((socket) => socket.resetAndDestroy()).listen(0, 'localhost')
  const talking = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it', () => socket.destroy())
  }).listen(0, 'localhost')
  await Promise.all([once(silent, 'listening'), once(talking, 'listening')])
  const portOf = (server: typeof silent) => (server.address() as { port: number }).port
  const urls = [
    'http://localhost:1/',
    'http://nowhere.invalid/',
    ...[silent, talking].map((it) => `http://localhost:${portOf(it)}`),
  ]
  for (const url of urls) await expect(engine.within('one', () => ask(url))).rejects.toThrow()
  await vi.waitUntil(() => engine.spans.every((span) => !span.isOpen || span.name === 'one'))
  const failures = engine.spans.flatMap(({ failure }) => failure ?? [])
  expect(failures.map(({ as }) => as)).toEqual(['fault', 'fault', 'fault', 'fault'])
  expect(failures.map(({ error }) => (error as { code?: string }).code)).toEqual([
    'ECONNREFUSED',
    expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    'ECONNRESET',
    'ECONNRESET',
  ])
  silent.close()
  talking.close()
})

test('given up by who asked, before the answer and in the middle of it', async () => {
  await using web = await startWeb((request, response) => {
    if (request.url === '/half') response.write('half')
  })
  await engine.within('one', async () => {
    const controller = new AbortController()
    const asked = ask(web.url, { signal: controller.signal })
    setTimeout(() => controller.abort(), 10)
    await expect(asked).rejects.toThrow('aborted')
    const request = http.get(`${web.url}/half`)
    const [response] = await once(request, 'response')
    response.on('error', () => {})
    request.destroy()
    const aborted = http.get(`${web.url}/abort`).on('error', () => {})
    aborted.abort()
  })
  const spans = await engine.below('one', 3)
  expect(spans.map(({ failure }) => failure)).toMatchObject([
    { as: 'fault', error: { name: 'AbortError' } },
    { as: 'fault' },
    { as: 'fault' },
  ])
})

test('an upgrade is over when its connection is handed out', async () => {
  const server = createServer((socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: it\r\n\r\n'),
  ).listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await engine.within('one', async () => {
    const request = http.get({ host: 'localhost', port, headers: { connection: 'upgrade', upgrade: 'it' } })
    const [, socket] = await once(request, 'upgrade')
    socket.destroy()
  })
  expect(await engine.below('one', 1)).toMatchObject([{ failure: undefined, details: { http: { status: 101 } } }])
  server.close()
})
