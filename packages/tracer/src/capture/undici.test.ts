import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:net'
import { testAuthority } from 'test-servers'
import { afterEach, expect, test, vi } from 'vitest'
import { headerOf, recorder } from '../../test/recorder.ts'
import { startWeb } from '../../test/web.ts'
import { capture } from './capture.ts'

const engine = recorder()
capture(engine, { exclude: ['127.0.0.1'] })

afterEach(() => {
  vi.unstubAllEnvs()
  engine.spans.length = 0
})

test('fetch() is shown, with the trace in its headers', async () => {
  await using web = await startWeb((request, response) => {
    request.resume().on('end', () => response.writeHead(201, { 'content-length': 2 }).end('ok'))
  })
  await engine.within('one', async () => {
    const url = `${web.url}/orders?token=hidden`
    await (await fetch(url, { method: 'POST', body: 'hidden', headers: { authorization: 'hidden' } })).text()
    await (await fetch(web.url, { headers: { 'X-Amzn-Trace-Id': 'Root=mine' } })).text()
  })
  const spans = await engine.below('one', 2)
  expect(spans).toMatchObject([
    {
      name: 'localhost',
      kind: 'remote',
      failure: undefined,
      details: { http: { method: 'POST', url: `${web.url}/orders`, status: 201, length: 2 } },
    },
    {},
  ])
  expect(JSON.stringify(engine.spans)).not.toContain('hidden')
  expect(web.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([
    headerOf(spans[0]?.id as string),
    'Root=mine',
  ])
})

test("Lambda's own header is replaced", async () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', headerOf('0123456789abcdef'))
  await using web = await startWeb((_, response) => response.end())
  await engine.within('one', () => fetch(web.url, { headers: { 'x-amzn-trace-id': headerOf('0123456789abcdef') } }))
  const [span] = await engine.below('one', 1)
  expect(web.requests[0]?.headers['x-amzn-trace-id']).toBe(headerOf(span?.id as string))
})

test('a redirect is two requests, of which the second may go elsewhere', async () => {
  await using other = await startWeb((_, response) => response.end('there'))
  await using web = await startWeb((_, response) => response.writeHead(302, { location: `${other.url}/there` }).end())
  await engine.within('one', async () => expect(await (await fetch(`${web.url}/here`)).text()).toBe('there'))
  const spans = await engine.below('one', 2)
  expect(spans.map(({ details: { http } }) => [http?.url, http?.status])).toEqual([
    [`${web.url}/here`, 302],
    [`${other.url}/there`, 200],
  ])
  expect([web, other].map(({ requests }) => requests[0]?.headers['x-amzn-trace-id'])).toEqual(
    spans.map(({ id }) => headerOf(id)),
  )
})

test('64 at once, each below its own', async () => {
  await using web = await startWeb((request, response) => {
    setTimeout(() => response.end(request.url), Math.random() * 10)
  })
  await Promise.all(
    Array.from({ length: 64 }, (_, i) =>
      engine.within(`branch ${i}`, async () => {
        await (await fetch(`${web.url}/${i}/a`)).text()
        await Promise.all(['b', 'c'].map(async (path) => (await fetch(`${web.url}/${i}/${path}`)).text()))
      }),
    ),
  )
  for (let i = 0; i < 64; i++) {
    const spans = await engine.below(`branch ${i}`, 3)
    expect(spans.map(({ details }) => details.http?.url)).toEqual(['a', 'b', 'c'].map((it) => `${web.url}/${i}/${it}`))
  }
})

test('hints that come before an answer are none', async () => {
  await using web = await startWeb((_, response) =>
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.writeHead(404).end()),
  )
  expect(await engine.within('one', () => fetch(web.url))).toMatchObject({ status: 404 })
  expect(await engine.below('one', 1)).toMatchObject([{ details: { http: { status: 404 } }, failure: { as: 'error' } }])
})

test('where nothing is traced nothing is shown, and what is excluded neither', async () => {
  await using web = await startWeb((_, response) => response.end())
  await fetch(web.url)
  await expect(engine.within('one', () => fetch('http://127.0.0.1:1'))).rejects.toThrow()
  expect(engine.spans).toMatchObject([{ name: 'one' }])
  expect(web.requests[0]?.headers).not.toHaveProperty('x-amzn-trace-id')
})

test('an answer that nobody reads, one of an error', async () => {
  await using web = await startWeb((request, response) => {
    response.statusCode = request.url === '/throttled' ? 429 : 503
    response.end('not now')
  })
  await engine.within('one', async () => {
    await fetch(web.url)
    await fetch(`${web.url}/throttled`)
  })
  const spans = await engine.below('one', 2)
  expect(spans.map(({ failure }) => failure?.as)).toEqual(['fault', 'throttle'])
})

test('faults: nobody there, no such host, reset, cut off, given up', async () => {
  const silent = createServer((socket) => socket.resetAndDestroy()).listen(0, 'localhost')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  const { port: closed, ...gone } = await startWeb(() => {})
  await gone[Symbol.asyncDispose]()
  await using web = await startWeb((request, response) => {
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => response.destroy())
    } else if (request.url === '/half') response.write('half')
  })
  const urls = [`http://localhost:${closed}/`, 'http://nowhere.invalid/', `http://localhost:${port}/`, `${web.url}/cut`]
  for (const url of urls) await expect(engine.within('one', async () => (await fetch(url)).text())).rejects.toThrow()
  await engine.within('one', async () => {
    const late = fetch(web.url, { signal: AbortSignal.timeout(10) })
    await expect(late).rejects.toThrow('timeout')
    const controller = new AbortController()
    const half = await fetch(`${web.url}/half`, { signal: controller.signal })
    controller.abort()
    await expect(half.text()).rejects.toThrow('aborted')
  })
  await vi.waitUntil(() => engine.spans.every((span) => !span.isOpen || span.name === 'one'))
  const failures = engine.spans.flatMap(({ failure }) => failure ?? [])
  expect(failures.map(({ as }) => as)).toEqual(['fault', 'fault', 'fault', 'fault', 'fault', 'fault'])
  silent.close()
})

test('fetch() over HTTP/2 is shown once', async () => {
  const authority = await testAuthority()
  const told: unknown[] = []
  const server = createSecureServer(await authority.issue(), (request, response) => {
    told.push([request.httpVersion, request.headers['x-amzn-trace-id']])
    response.end('hello')
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const dispatcher = await dispatcherOf({ allowH2: true, connect: { ca: authority.ca } })
  const url = `https://localhost:${(server.address() as { port: number }).port}/`
  await engine.within('one', async () => {
    for (let i = 0; i < 2; i++) await (await fetch(url, { dispatcher } as RequestInit)).text()
  })
  const spans = await engine.below('one', 2)
  expect(spans).toHaveLength(2)
  expect(told).toEqual(spans.map(({ id }) => ['2.0', headerOf(id)]))
  await dispatcher.close()
  server.close()
})

test('what a dispatcher of limited connections sends later is shown nowhere, rather than below another', async () => {
  await using web = await startWeb((request, response) => {
    setTimeout(() => response.end(request.url), 2)
  })
  const dispatcher = await dispatcherOf({ connections: 2 })
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      engine.within(`branch ${i}`, async () => {
        await (await fetch(`${web.url}/${i}`, { dispatcher } as RequestInit)).text()
      }),
    ),
  )
  for (let i = 0; i < 8; i++) {
    const spans = await engine.below(`branch ${i}`, 0)
    expect(spans.map(({ details }) => details.http?.url)).toEqual(i < 2 ? [`${web.url}/${i}`] : [])
  }
  expect(web.requests.filter(({ headers }) => headers['x-amzn-trace-id'])).toHaveLength(2)
  await dispatcher.close()
})

/** Of Node's own class, which it does not export. */
const dispatcherOf = async (options: object): Promise<{ close(): Promise<void> }> => {
  await fetch('data:,')
  const { constructor: Agent } = (globalThis as never)[Symbol.for('undici.globalDispatcher.1')] as {
    constructor: new (options: object) => { close(): Promise<void> }
  }
  return new Agent(options)
}
