import type { Context, Span } from '@opentelemetry/api'
import type { Details, Failure, Open, SpanStart } from '../engine.ts'
import { jsonOf } from '../json.ts'
import { withoutSecrets } from '../secrets.ts'
import { xrayHeader } from '../trace.ts'
import { attributesOf } from './attributes.ts'
import { exceptionOf } from './exception.ts'
import type { Invocation } from './invocation.ts'
import { rootOf } from './sampling.ts'

/** A span that is open, in the context that it is the innermost span of. */
export class OpenSpan implements Open {
  readonly id: string
  readonly invocation: Invocation
  readonly span: Span
  readonly #context: Context
  readonly #answers: boolean
  #status: number | undefined
  #ended = false

  /** @param answers whether it is of a request to this function, rather than of one that it makes */
  constructor(invocation: Invocation, span: Span, context: Context, answers = false) {
    this.invocation = invocation
    this.span = span
    this.id = span.spanContext().spanId
    this.#context = invocation.holding(this, context)
    this.#answers = answers
  }

  child({ name, kind, details }: SpanStart): OpenSpan {
    const { tracer, api } = this.invocation.parts
    const start = () =>
      tracer.startSpan(
        shownOf(name),
        { kind: kind === 'own' ? api.SpanKind.INTERNAL : api.SpanKind.CLIENT },
        this.#context,
      )
    const span = unharmed(start) ?? api.trace.wrapSpanContext(this.span.spanContext())
    const open = new OpenSpan(this.invocation, span, this.#context)
    this.invocation.opened(open)
    if (details) open.details(details)
    return open
  }

  run<T>(fn: () => T): T {
    return this.invocation.parts.manager.with(this.#context, fn)
  }

  annotate(key: string, value: string | number | boolean): void {
    if (this.#silent) return
    if (isAnnotation(value)) this.span.setAttribute(key, shownOf(value))
    else this.metadata(key, value)
  }
  metadata(key: string, value: unknown, namespace?: string): void {
    if (this.#silent) return
    this.span.setAttribute(
      namespace === undefined ? key : `${namespace}.${key}`,
      isAnnotation(value) ? shownOf(value) : jsonOf(value),
    )
  }
  details(details: Details): void {
    if (this.#silent) return
    this.span.setAttributes(attributesOf(details, this.#answers))
    const { aws, http } = details
    this.#status = http?.status ?? this.#status
    if (aws?.service && aws.operation) this.span.updateName(`${aws.service}.${aws.operation}`)
    else if (http?.method && !this.#answers && !aws) this.span.updateName(http.method)
  }

  headers(): Record<string, string> {
    const { parts, lineage } = this.invocation
    const { traceId, traceFlags } = this.span.spanContext()
    const headers: Record<string, string> = {
      'x-amzn-trace-id': xrayHeader({ root: rootOf(traceId), sampled: (traceFlags & 1) === 1, lineage }, this.id),
    }
    unharmed(() => parts.propagator.inject(this.#context, headers, setter))
    return headers
  }

  end(failure?: Failure): void {
    if (this.#ended) return
    if (failure && !this.#silent) this.#fail(failure)
    this.#ended = true
    this.invocation.closed(this)
    unharmed(() => this.span.end())
  }

  /** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status of a server a client's fault is no error */
  #fail({ as, error }: Failure) {
    const { SpanStatusCode } = this.invocation.parts.api
    const exception = error === undefined ? undefined : exceptionOf(error)
    if (exception) this.span.addEvent('exception', { ...exception })
    if (this.#answers && as !== 'fault') return
    const type = exception?.['exception.type'] ?? this.#status?.toString()
    if (type) this.span.setAttribute('error.type', type)
    const message = exception?.['exception.message']
    this.span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) })
  }

  /** Whether nothing that is said of it is kept. */
  get #silent() {
    return this.#ended || !this.span.isRecording()
  }
}

/** What a provider of the user's runs may throw: its sampler, its processors, its propagator. */
const unharmed = <T>(run: () => T): T | undefined => {
  try {
    return run()
  } catch {
    return undefined
  }
}

/** As long as a text may be. */
const longest = 16_384

const shownOf = <Value>(value: Value) =>
  typeof value === 'string' ? withoutSecrets(value).slice(0, longest).toWellFormed() : value

const isAnnotation = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

const setter = {
  set(carrier: Record<string, string>, key: string, value: string) {
    carrier[key] = value
  },
}
