import { type ContextManager, context, propagation, type TextMapPropagator, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider, type TracerProviderOptions } from '@opentelemetry/sdk-trace'

interface Parts {
  readonly manager?: ContextManager | undefined
  readonly propagator?: TextMapPropagator | undefined
}

/** What a function does that sets OpenTelemetry up itself, or the ADOT layer before it. */
export const register = (options: TracerProviderOptions = {}, parts: Parts = {}): TracerProvider => {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'of the user' }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    ...options,
  })
  const { manager = new AsyncLocalStorageContextManager().enable(), propagator = new W3CTraceContextPropagator() } =
    parts
  trace.setGlobalTracerProvider(provider)
  if ('manager' in parts ? parts.manager : manager) context.setGlobalContextManager(manager)
  if ('propagator' in parts ? parts.propagator : propagator) propagation.setGlobalPropagator(propagator)
  return provider
}
