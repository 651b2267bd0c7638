import type { Context } from '@fnware/core'
import { unsampledTraceOf } from './incoming.ts'
import type { Annotation, Span, SpanOptions, Tracer } from './span.ts'
import { w3cTrace, xrayHeader } from './trace.ts'

type Any = Record<string, Annotation>

/** The tracer of an invocation that nothing is written of: it knows where its headers are, and looks when it is asked. */
export class Unsampled implements Tracer<Any> {
  readonly #event: unknown
  readonly #context: Context
  constructor(event: unknown, context: Context) {
    this.#event = event
    this.#context = context
  }
  get sampled(): boolean {
    return false
  }
  get traceId(): string | undefined {
    return unsampledTraceOf(this.#event, this.#context)?.root
  }
  span<T>(_name: string, fn: (span: Span<Any>) => T, _options?: SpanOptions<Any>): T {
    return fn(this)
  }
  annotate(): void {}
  metadata(): void {}
  headers(): Record<string, string> {
    const trace = unsampledTraceOf(this.#event, this.#context)
    return trace ? { 'x-amzn-trace-id': xrayHeader(trace, trace.parent), ...w3cTrace(trace, trace.parent) } : {}
  }
}
