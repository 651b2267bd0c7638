import type { Context, TextMapPropagator } from '@opentelemetry/api'
import type { Api } from './parts.ts'

/** Hands a trace on where a provider is registered without a propagator. What comes in is read by `sampling.ts`. */
export const traceparent = (api: Api): TextMapPropagator => ({
  inject(context: Context, carrier, { set }) {
    const span = api.trace.getSpanContext(context)
    if (!span) return
    set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags & 1}`)
    const state = span.traceState?.serialize()
    if (state) set(carrier, 'tracestate', state)
  },
  extract: (context) => context,
  fields: () => ['traceparent', 'tracestate'],
})
