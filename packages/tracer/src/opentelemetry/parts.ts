import type { ContextManager, TextMapPropagator, Tracer } from '@opentelemetry/api'

export type Hooks = typeof import('@opentelemetry/context-async-hooks')
export type Api = typeof import('@opentelemetry/api')

export type Manager = Pick<ContextManager, 'active' | 'with'>

/** What spans are made with: a provider that is registered, or one of our own. */
export interface Parts {
  readonly api: Api
  readonly tracer: Tracer
  readonly manager: Manager
  readonly propagator: TextMapPropagator
  /** What a context holds the innermost of our spans by. */
  readonly spanKey: symbol
  /** What a context says by that nothing is to be traced: spans are exported in such a one. */
  readonly suppressedKey: symbol
  /** Begins the root span of a trace that is decided on; `id` is that of a new one. */
  rooted<T>(id: string, start: () => T): T
  /** Sends what has ended; rejects where it is not taken. */
  flush(): Promise<unknown>
}

export const keysOf = ({ createContextKey }: Api): Pick<Parts, 'spanKey' | 'suppressedKey'> => ({
  spanKey: createContextKey('fnware span'),
  suppressedKey: createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'),
})

/** A context manager, registered for all who speak `@opentelemetry/api`. */
export const managerOf = (api: Api, hooks: Hooks | undefined): Manager => {
  // There was one when the engine was loaded, and somebody has taken it away.
  if (!hooks) return api.context
  const manager = new hooks.AsyncLocalStorageContextManager().enable()
  api.context.setGlobalContextManager(manager)
  return manager
}
