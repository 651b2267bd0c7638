import type { Context } from '@fnware/core'
import { unsampledTraceOf } from './incoming.ts'
import type { Annotation, Span, SpanOptions, Tracer } from './span.ts'
import { type Trace, w3cHeaders, xrayHeader } from './trace.ts'

type Any = Record<string, Annotation>

/** The tracer of an invocation that nothing is written of: it knows where its headers are, and looks when it is asked. */
export class Unsampled implements Tracer<Any> {
  readonly #event: unknown
  readonly #context: Context
  readonly #w3c: boolean | undefined
  readonly #given: Trace | undefined
  /** @param given the trace, where an engine has found it; by default what the headers say */
  constructor(event: unknown, context: Context, w3c: boolean | undefined, given?: Trace) {
    this.#event = event
    this.#context = context
    this.#w3c = w3c
    this.#given = given
  }
  get #trace(): Trace | undefined {
    return this.#given ?? unsampledTraceOf(this.#event, this.#context)
  }
  get sampled(): boolean {
    return false
  }
  get traceId(): string | undefined {
    return this.#trace?.root
  }
  span<T>(_name: string, fn: (span: Span<Any>) => T, _options?: SpanOptions<Any>): T {
    return fn(this)
  }
  annotate(): void {}
  metadata(): void {}
  headers(): Record<string, string> {
    const trace = this.#trace
    if (!trace) return {}
    const own = { 'x-amzn-trace-id': xrayHeader(trace, trace.parent) }
    return this.#w3c && trace.parent ? { ...own, ...w3cHeaders(trace, trace.parent) } : own
  }
}
