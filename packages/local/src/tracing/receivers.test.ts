import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Receivers } from './receivers.ts'
import type { Told } from './told.ts'

const attributes = {
  text: 'naïve ☃',
  integer: -42,
  large: 2 ** 52,
  fraction: 0.5,
  yes: true,
  no: false,
  list: ['a', 'b'],
}

test.for<[type: string, encoding: string, make: () => SpanExporter]>([
  ['JSON', 'none', () => new JsonExporter()],
  ['JSON', 'gzip', () => new JsonExporter()],
  ['protobuf', 'none', () => new ProtobufExporter()],
  ['protobuf', 'gzip', () => new ProtobufExporter()],
])('what OpenTelemetry exports, in %s, compression %s', async ([, compression, make]) => {
  const told: [Told, string | undefined][] = []
  const receivers = new Receivers((spans, environment) => {
    for (const span of spans) told.push([span, environment])
  })
  onTestFinished(() => receivers.close())
  const { otlp } = await receivers.listen()
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `${otlp}/abc`)
  vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', compression)

  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: make() })] })
  const tracer = provider.getTracer('shop')
  const outer = tracer.startSpan('outer', { attributes }, ROOT_CONTEXT)
  const inner = tracer.startSpan('inner', {}, trace.setSpan(context.active(), outer))
  inner.recordException(new TypeError('cannot save'))
  inner.setStatus({ code: SpanStatusCode.ERROR, message: 'cannot save' })
  inner.end()
  outer.end()
  await provider.shutdown()

  expect(told.map(([, environment]) => environment)).toEqual(['abc', 'abc'])
  const [a, b] = ['outer', 'inner'].map((name) => told.find(([span]) => span.name === name)?.[0])
  const { traceId, spanId } = outer.spanContext()
  expect(a).toMatchObject({
    id: spanId,
    trace: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    parent: undefined,
    status: 'ok',
    attributes,
  })
  expect(b).toMatchObject({ parent: spanId, status: 'fault', error: 'TypeError: cannot save' })
  expect(b?.end).toBeGreaterThanOrEqual(b?.start ?? 0)
  expect(new Date(a?.start ?? 0).getFullYear()).toBe(new Date().getFullYear())
})
