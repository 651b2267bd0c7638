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

const ours = Symbol.for('fnware.opentelemetry')

/** A provider that was registered by this engine, or by another copy of it. */
interface Ours {
  readonly provider: object
  readonly rooted: Parts['rooted']
}
const globals = globalThis as { [key]?: Registered; [ours]?: Ours }

export const registered = (): Registered => globals[key] ?? {}

export const registerOurs = (provider: Ours['provider'], rooted: Ours['rooted']): void => {
  globals[ours] = { provider, rooted }
}

const oursOf = (provider: Delegating): Ours | undefined =>
  (provider.getDelegate?.() ?? provider) === globals[ours]?.provider ? globals[ours] : undefined

/** Whether a provider is registered that makes up its own mind about what it samples. */
export const isForeign = (): boolean => {
  const { trace } = registered()
  return trace !== undefined && !oursOf(trace)
}

/** With what is registered, as it is; what is missing of it is added. */
export const partsOf = (api: Api, hooks: Hooks | undefined, given: Registered & { trace: TracerProvider }): Parts => ({
  api,
  tracer: given.trace.getTracer('@fnware/tracer'),
  manager: given.context ?? managerOf(api, hooks),
  propagator: given.propagation ?? traceparent(api),
  ...keysOf(api),
  rooted: oursOf(given.trace)?.rooted ?? ((_, start) => start()),
  flush: () => flushOf(given.trace),
})

const flushOf = (provider: Delegating): Promise<unknown> => {
  const flushing: Flushing = provider.getDelegate?.() ?? provider
  return flushing.forceFlush?.() ?? Promise.resolve()
}
