import { type Attributes, context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, expect, test, vi } from 'vitest'
import { type Collector, startCollector } from './index.ts'

type Options = ConstructorParameters<typeof JsonExporter>[0]

const exporters: [name: string, type: string, make: (options: Options) => SpanExporter][] = [
  ['JSON', 'application/json', (options) => new JsonExporter(options)],
  ['protobuf', 'application/x-protobuf', (options) => new ProtobufExporter(options)],
]

afterEach(() => {
  vi.unstubAllEnvs()
})

const attributes: Attributes = {
  text: 'naïve ☃',
  integer: -42,
  large: 2 ** 52,
  fraction: 0.5,
  yes: true,
  no: false,
  none: '',
  list: ['a', 'b'],
  numbers: [1, 2.5],
}

async function exported(exporter: SpanExporter): Promise<void> {
  const processor = new BatchSpanProcessor({ exporter })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'orders' }),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('shop', '1.2.3')
  const server = tracer.startSpan('POST /orders', { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT)
  const linked = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
  const child = tracer.startSpan(
    'save',
    { kind: SpanKind.CLIENT, links: [{ context: linked, attributes: { why: 'batch' } }] },
    trace.setSpan(context.active(), server),
  )
  child.recordException(new TypeError('cannot save'))
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'cannot save' })
  child.end()
  server.setStatus({ code: SpanStatusCode.OK })
  server.end()
  await provider.shutdown()
}

async function expectExported(collector: Collector): Promise<void> {
  const spans = await collector.until((spans) => spans.length === 2)
  const [server, child] = ['POST /orders', 'save'].map((name) => spans.find((span) => span.name === name))
  expect(server).toMatchObject({
    parent: undefined,
    kind: 'server',
    attributes,
    status: { code: 'ok', message: '' },
    resource: { 'service.name': 'orders' },
    scope: { name: 'shop', version: '1.2.3' },
  })
  expect(child).toMatchObject({
    trace: server?.trace,
    parent: server?.id,
    kind: 'client',
    status: { code: 'error', message: 'cannot save' },
    events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'cannot save' } }],
    links: [{ trace: 'a'.repeat(32), id: 'b'.repeat(16), attributes: { why: 'batch' } }],
  })
  // Each span has a clock of its own, so that they may differ by some ms.
  for (const { start, end } of spans) expect(end - start).toBeGreaterThanOrEqual(0)
  expect(new Date(server?.start as number).getFullYear()).toBe(new Date().getFullYear())
  expect(child?.events[0]?.time).toBeGreaterThanOrEqual(child?.start as number)
}

test.for(exporters)('what OpenTelemetry exports in %s is sound, and read', async ([, type, make]) => {
  await using collector = await startCollector()
  await exported(make({ url: `${collector.url}/v1/traces` }))
  await expectExported(collector)
  expect(collector.requests.map(({ headers }) => headers['content-type'])).toEqual([type])
})

test.for(exporters)('zipped %s, and by environment', async ([, , make]) => {
  await using collector = await startCollector()
  for (const [name, value] of Object.entries(collector.environment)) vi.stubEnv(name, value)
  vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', 'gzip')
  await exported(make({}))
  await expectExported(collector)
  expect(collector.requests[0]?.headers['content-encoding']).toBe('gzip')
})

test.for(exporters)('one that refuses is asked again, with %s', async ([, , make]) => {
  await using collector = await startCollector()
  collector.refuse(503, { 'retry-after': '0' })
  const done = exported(make({ url: `${collector.url}/v1/traces` }))
  await collector.untilAsked(1)
  expect(collector.spans).toEqual([])
  collector.heal()
  await done
  await expectExported(collector)
})
