import { once } from 'node:events'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { recorder } from '../../test/recorder.ts'
import { capture } from './capture.ts'

const engine = recorder()
capture(engine)

const server = http2.createServer()
let url: string
beforeAll(async () => {
  server.on('stream', (stream, { ':path': path }) => {
    stream.on('error', () => {})
    if (path === '/hang') return
    if (path === '/reset') return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
    stream.respond({ ':status': path === '/busy' ? 503 : 200, 'content-length': 5 })
    stream.end('hello')
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  engine.spans.length = 0
})

test('requests over HTTP/2 are shown, each of a session below its own', async () => {
  const session = http2.connect(url)
  await Promise.all(
    ['/a?token=hidden', '/busy'].map((path) =>
      engine.within(path, async () => {
        expect(await text(session.request({ ':path': path }))).toBe('hello')
      }),
    ),
  )
  expect(await engine.below('/a?token=hidden', 1)).toMatchObject([
    {
      name: 'localhost',
      kind: 'remote',
      failure: undefined,
      details: { http: { method: 'GET', url: `${url}/a`, status: 200, length: 5 } },
    },
  ])
  expect(await engine.below('/busy', 1)).toMatchObject([{ failure: { as: 'fault' } }])
  session.close()
})

test('faults: reset, given up, nobody there', async () => {
  const session = http2.connect(url)
  await engine.within('one', async () => {
    await expect(text(session.request({ ':path': '/reset' }))).rejects.toThrow('INTERNAL_ERROR')
    const signal = AbortSignal.timeout(10)
    await expect(text(session.request({ ':path': '/hang' }, { signal }))).rejects.toThrow('aborted')
    const nobody = http2.connect('http://localhost:1')
    nobody.on('error', () => {})
    await expect(text(nobody.request({ ':path': '/' }))).rejects.toThrow('ECONNREFUSED')
  })
  const spans = await engine.below('one', 3)
  expect(spans.map(({ failure }) => failure?.as)).toEqual(['fault', 'fault', 'fault'])
  session.close()
})
