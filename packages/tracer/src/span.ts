/** What can be searched for. */
export type Annotation = string | number | boolean

/** Names and types of annotations. */
export type Annotations<A> = { readonly [K in keyof A]: Annotation }

/** A span that is open. */
export interface Span<A extends Annotations<A> = Record<string, Annotation>> {
  /** Says of the span what can be searched for. */
  annotate<K extends keyof A & string>(key: K, value: A[K]): void
  /** Says of the span what is shown with it: any value, cut where it is too large. */
  metadata(key: string, value: unknown, namespace?: string): void
  /** Headers that continue the trace below this span. */
  headers(): Record<string, string>
}

export interface SpanOptions<A extends Annotations<A> = Record<string, Annotation>> {
  readonly annotations?: { readonly [K in keyof A]?: A[K] }
  readonly metadata?: Readonly<Record<string, unknown>>
  /** `remote` of a call to something else, which then has a node of its own on the map; a part of this function otherwise. */
  readonly kind?: 'own' | 'remote'
}

/** The trace of an invocation. */
export interface Tracer<A extends Annotations<A> = Record<string, Annotation>> {
  /** The trace that this invocation belongs to, as its header or the engine has it. */
  readonly traceId: string | undefined
  /** Whether anything is written of this invocation. */
  readonly sampled: boolean
  /**
   * Runs `fn` in a span of its own, which ends when what it returns does. Spans nest by `await`, also in parallel branches.
   * What `fn` throws is recorded with its causes, and thrown on as it is.
   */
  span<T>(name: string, fn: (span: Span<A>) => T, options?: SpanOptions<A>): T
  /** Says what can be searched for of the innermost open span, which may be the invocation's own. */
  annotate<K extends keyof A & string>(key: K, value: A[K]): void
  /** Says what is shown with the innermost open span: any value, cut where it is too large. */
  metadata(key: string, value: unknown, namespace?: string): void
  /**
   * Headers that continue this trace in a call that is not captured: `x-amzn-trace-id`, and `traceparent` with
   * OpenTelemetry. They say so as well where this invocation is not sampled.
   */
  headers(): Record<string, string>
}
