import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace'
import { afterEach, expect, test, vi } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { register } from '../../test/registering.ts'
import { traced } from '../../test/traced.ts'
import { opentelemetry } from '../opentelemetry.ts'
import { tracer } from '../tracer.ts'

const id = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'
const event = { headers: { traceparent: `00-${id}-${span}-01` } }
const key = Symbol.for('opentelemetry.js.api.1')
const globals = globalThis as { [key]?: object | undefined }

const function_ = () =>
  lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(({ tracer }) => tracer.span('within', () => tracer.headers()))

afterEach(() => {
  delete globals[key]
})

test("a provider that is registered is used as it is: its resource, its exporter; and none of the engine's own", async () => {
  const collector = await collecting()
  const provider = register()
  const headers = await function_()(event as never, fakeContext())
  const [within, root] = collector.spans
  expect(collector.spans.map(({ name }) => name)).toEqual(['within', 'function'])
  expect(root).toMatchObject({ trace: id, parent: span, resource: { 'service.name': 'of the user' } })
  expect(within).toMatchObject({ trace: id, parent: root?.id })
  expect(headers).toMatchObject({ traceparent: `00-${id}-${within?.id}-01` })
  expect(trace.getTracerProvider()).toMatchObject({ _delegate: provider })
})

test('what has opened a span round the function, as the ADOT layer does, is its parent, whatever headers say', async () => {
  const collector = await collecting()
  register()
  const handler = function_()
  await trace.getTracer('layer').startActiveSpan('by the layer', async (span) => {
    await handler(event as never, traced())
    span.end()
  })
  const [within, root] = collector.spans
  expect(root?.name).toBe('function')
  expect(within?.parent).toBe(root?.id)
  expect(root?.trace).not.toBe(id)
  expect(root?.parent).toMatch(/^[0-9a-f]{16}$/)
})

test('a sampler that is registered makes up its own mind', async () => {
  const collector = await collecting()
  register({ sampler: new AlwaysOffSampler() })
  const headers = await function_()(event as never, fakeContext())
  expect(headers.traceparent).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-00$`))
  expect(headers['x-amzn-trace-id']).toMatch(/;Sampled=0$/)
  expect(collector.requests).toEqual([])
})

test('a layer may have another version of the API than the function, which refuses to speak to an older one', async () => {
  const collector = await collecting()
  register()
  globals[key] = { ...globals[key], version: '1.4.0' }
  expect(context.with(ROOT_CONTEXT.setValue(key, 1), () => context.active())).toBe(ROOT_CONTEXT)
  const headers = await function_()(event as never, fakeContext())
  const [within, root] = collector.spans
  expect(root).toMatchObject({ trace: id, parent: span })
  expect(within?.parent).toBe(root?.id)
  expect(headers.traceparent).toBe(`00-${id}-${within?.id}-01`)
})

test('a provider without a context manager and a propagator gets both', async () => {
  const collector = await collecting()
  register({}, { manager: undefined, propagator: undefined })
  const headers = await function_()(event as never, fakeContext())
  const [within, root] = collector.spans
  expect(root).toMatchObject({ trace: id, parent: span })
  expect(within?.parent).toBe(root?.id)
  expect(headers.traceparent).toBe(`00-${id}-${within?.id}-01`)
})

test('a provider that is registered after the engine was loaded, and before the first invocation, is the one', async () => {
  const collector = await collecting()
  const engine = opentelemetry()
  const loaded = await engine.load()
  register()
  const handler = lambda()
    .use(tracer({ engine: { ...engine, load: async () => loaded } }))
    .handle(() => 1)
  await handler({}, fakeContext())
  expect(collector.spans[0]?.resource['service.name']).toBe('of the user')
})

test('a provider that fails to send harms nothing, and is told of once', async () => {
  await collecting()
  const provider = register()
  provider.forceFlush = () => Promise.reject([new Error('no')])
  const handler = function_()
  for (let i = 0; i < 3; i++) expect(await handler(event as never, fakeContext())).toHaveProperty('traceparent')
})

test("what a provider's own processor or propagator throws harms no invocation, and no rejection is left alone", async () => {
  const broken = () => {
    throw new Error('of the processor')
  }
  const nothing = async () => {}
  const onStart = vi.fn()
  const processor = { onStart, onEnd: broken, forceFlush: nothing, shutdown: nothing }
  register({ spanProcessors: [processor] }, { propagator: { inject: broken, extract: (it) => it, fields: () => [] } })
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const thrown = new Error('mine')
  const handler = lambda()
    .use(tracer({ engine: opentelemetry() }))
    .handle(async ({ tracer }) => {
      expect(tracer.span('sync', () => 1)).toBe(1)
      expect(await tracer.span('async', async () => 2)).toBe(2)
      expect(() =>
        tracer.span('throws', () => {
          throw thrown
        }),
      ).toThrow(thrown)
      await expect(tracer.span('rejects', () => Promise.reject(thrown))).rejects.toBe(thrown)
      expect(tracer.headers()).toHaveProperty('x-amzn-trace-id')
      onStart.mockImplementation(broken)
      return tracer.span('not begun', (span) => {
        span.annotate('a', 1)
        return tracer.span('below it', () => 3)
      })
    })
  expect(await handler({}, traced())).toBe(3)
  onStart.mockImplementation(broken)
  expect(await function_()({}, traced())).toHaveProperty('x-amzn-trace-id')
  await new Promise(setImmediate)
})
