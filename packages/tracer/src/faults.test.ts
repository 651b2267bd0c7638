import type { createSocket } from 'node:dgram'
import { lambda } from '@fnware/core'
import { startXRay } from 'test-telemetry'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { daemon, traced } from '../test/traced.ts'
import { type Engine, type Loaded, type Root, type Trace, tracer, xray } from './index.ts'
import { opentelemetry } from './opentelemetry.ts'

let warned: MockInstance
beforeEach(() => {
  warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})
const told = () => warned.mock.calls.map(([line]) => String(line))
const later = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms))
const functionOf = (options: Parameters<typeof tracer>[0] = {}) =>
  lambda()
    .use(tracer(options))
    .handle(({ tracer }) => tracer.span('work', async () => 'answer'))

describe('the daemon', () => {
  test('is absent: every invocation is answered, it is told once, and what comes later arrives', async () => {
    const xray = await startXRay()
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', xray.address)
    await xray.down()
    const handler = functionOf()
    for (let i = 0; i < 20; i++) {
      expect(await handler({}, traced())).toBe('answer')
      await later(2)
    }
    expect(told()).toHaveLength(1)
    expect(told()[0]).toContain(`X-Ray's daemon does not take traces at ${xray.address}`)
    expect(told()[0]).toContain('ECONNREFUSED')
    await xray.up()
    for (let i = 0; i < 3; i++) {
      expect(await handler({}, traced())).toBe('answer')
      await later(2)
    }
    const spans = await xray.until((spans) => spans.length >= 4)
    expect(spans[0]).toMatchObject({ name: '## function' })
    await xray.close()
    expect(told()).toHaveLength(1)
  })

  test.each(['nonsense', 'tcp:127.0.0.1:2000 udp:127.0.0.1:99999'])('has no address: %s', async (address) => {
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', address)
    const handler = functionOf()
    for (let i = 0; i < 3; i++) expect(await handler({}, traced())).toBe('answer')
    expect(told()).toHaveLength(1)
    expect(told()[0]).toContain('AWS_XRAY_DAEMON_ADDRESS is neither')
  })

  test('has a name that nobody knows', async () => {
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', 'daemon.invalid:2000')
    const handler = functionOf({ patience: 5000 })
    for (let i = 0; i < 3; i++) expect(await handler({}, traced())).toBe('answer')
    await vi.waitFor(() => expect(told()).toHaveLength(1))
    expect(told()[0]).toContain('daemon.invalid')
    expect(told()[0]).toContain('getaddrinfo')
  })

  test('has a socket that died, as in a freeze: another takes its place, and nothing is lost', async () => {
    const xray = await daemon()
    const { Socket } = await import('node:dgram')
    const send = vi.spyOn(Socket.prototype, 'send')
    const handler = functionOf()
    await handler({}, traced())
    const [first] = send.mock.contexts as ReturnType<typeof createSocket>[]
    first?.close()
    await handler({}, traced())
    await xray.until((spans) => spans.length === 4)
    expect(send.mock.contexts.at(-1)).not.toBe(first)
    expect(told()).toEqual([])
  })
})

describe('an engine', () => {
  const refusing: Engine = { name: 'mine', load: () => Promise.reject(new Error('not installed')) }

  test('that cannot be loaded leaves the function untraced, and is told once', async () => {
    const handler = lambda()
      .use(tracer({ engine: refusing }))
      .handle(({ tracer }) => [tracer.sampled, tracer.span('a', () => tracer.headers())])
    const { xRayTraceId } = traced() as { xRayTraceId?: string }
    for (let i = 0; i < 3; i++) expect(await handler({}, traced())).toEqual([false, { 'x-amzn-trace-id': xRayTraceId }])
    expect(told()).toHaveLength(1)
    expect(told()[0]).toContain('the engine `mine` could not be loaded')
    expect(told()[0]).toContain('not installed')
  })

  test('that throws in the middle of loading is no different', async () => {
    const load = () => {
      throw new Error('at once')
    }
    expect(await functionOf({ engine: { name: 'mine', load } })({}, traced())).toBe('answer')
    expect(told()[0]).toContain('at once')
  })

  test('that never has done sending holds the answer back no longer than its patience', async () => {
    await daemon()
    const hanging: Engine = {
      name: 'hanging',
      load: async (): Promise<Loaded> => {
        const loaded = await xray().load()
        const begin: Loaded['begin'] = (start) =>
          Object.assign(loaded.begin(start) as Root, { flush: () => new Promise<void>(() => {}) })
        return { ...loaded, begin }
      },
    }
    expect(await functionOf({ engine: hanging, patience: 10 })({}, traced())).toBe('answer')
  })

  test('is loaded at INIT where that is asked for, and else with the first invocation that is sampled', async () => {
    await daemon()
    const loads = vi.fn(() => xray().load())
    functionOf({ engine: { name: 'mine', load: loads }, load: 'init' })
    expect(loads).toHaveBeenCalledTimes(1)
    const lazy = functionOf({ engine: { name: 'mine', load: loads } })
    await lazy({}, traced(''))
    expect(loads).toHaveBeenCalledTimes(1)
    await Promise.all([lazy({}, traced()), lazy({}, traced())])
    await lazy({}, traced())
    expect(loads).toHaveBeenCalledTimes(2)
  })

  test('that fails to decide leaves the invocation untraced, and is told once', async () => {
    const broken: Engine = {
      ...xray(),
      sampled: () => {
        throw new Error('no idea')
      },
    }
    const handler = functionOf({ engine: broken })
    for (let i = 0; i < 3; i++) expect(await handler({}, traced())).toBe('answer')
    expect(told()).toHaveLength(1)
    expect(told()[0]).toContain('no idea')
  })

  test.each([
    ['headers', { headers: new Proxy({}, { get: () => expect.unreachable() }) }],
    ['records', { Records: new Proxy([], { get: () => expect.unreachable() }) }],
  ])('that reads an event cannot be stopped by its %s', async (_, event) => {
    const engine = opentelemetry({ endpoint: 'http://127.0.0.1:1/v1/traces' })
    expect(await functionOf({ engine, patience: 1 })(event, traced())).toBe('answer')
  })

  test('may decide by itself what is sampled, of what the headers say', async () => {
    const xrayDaemon = await daemon()
    const own = { root: '1-68aabbcc-000000000000000000000001', sampled: true }
    let found: Trace | undefined
    const sampled = vi.fn<NonNullable<Engine['sampled']>>((_event, _context, look) => {
      found = look()
      return own
    })
    const engine: Engine = { ...xray(), sampled, w3c: true }
    const handler = lambda()
      .use(tracer({ engine, service: 's' }))
      .handle(({ tracer }) => [tracer.traceId, tracer.headers()])
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0'
    expect(await handler({ a: 1 }, traced(header))).toMatchObject([own.root, {}])
    expect(sampled).toHaveBeenCalledWith({ a: 1 }, expect.objectContaining({ xRayTraceId: header }), expect.anything())
    expect(found).toMatchObject({ parent: '53995c3f42cd8ad8', sampled: false })
    const [span] = await xrayDaemon.until((spans) => spans.length === 1)
    expect(span).toMatchObject({ trace: own.root, parent: undefined, name: 's' })
    sampled.mockReturnValue(undefined)
    expect(await handler({}, traced(header))).toEqual([
      '1-5759e988-bd862e3fe1be46a994272793',
      {
        'x-amzn-trace-id': header,
        traceparent: '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00',
      },
    ])
  })
})
