import type { ContextManager, TextMapPropagator, TracerProvider } from '@opentelemetry/api'
import { type Api, type Hooks, keysOf, managerOf, type Parts } from './parts.ts'
import { traceparent } from './traceparent.ts'

/**
 * What is registered in this process, of whichever copy and version of `@opentelemetry/api`: a layer's may be older than the
 * function's, which the function's own refuses to use.
 */
export interface Registered {
  readonly trace?: TracerProvider & Delegating
  readonly context?: ContextManager
  readonly propagation?: TextMapPropagator
}
interface Delegating {
  /** Where a proxy is registered, what it stands for. */
  getDelegate?(): Flushing
  forceFlush?(): Promise<unknown>
}
interface Flushing {
  forceFlush?(): Promise<unknown>
}

const key = Symbol.for('opentelemetry.js.api.1')

export const registered = (): Registered => (globalThis as { [key]?: Registered })[key] ?? {}

/** With what is registered, as it is; what is missing of it is added. */
export const partsOf = (api: Api, hooks: Hooks | undefined, given: Registered & { trace: TracerProvider }): Parts => ({
  api,
  tracer: given.trace.getTracer('@fnware/tracer'),
  manager: given.context ?? managerOf(api, hooks),
  propagator: given.propagation ?? traceparent(api),
  ...keysOf(api),
  rooted: (_, start) => start(),
  flush: () => flushOf(given.trace),
})

const flushOf = (provider: Delegating): Promise<unknown> => {
  const flushing: Flushing = provider.getDelegate?.() ?? provider
  return flushing.forceFlush?.() ?? Promise.resolve()
}
