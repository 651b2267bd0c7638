import { isError } from '@fnware/core/ports'
import type { Context, Link, Span } from '@opentelemetry/api'
import type { Failure, Open, Root, Start } from '../engine.ts'
import { carriersOf } from './carrier.ts'
import type { Exports } from './exports.ts'
import { activeOf, Invocation } from './invocation.ts'
import { shown } from './lambda.ts'
import type { Parts } from './parts.ts'
import { type Incoming, idOf } from './sampling.ts'
import { OpenSpan } from './span.ts'

/** The span of an invocation. */
export class RootSpan extends OpenSpan implements Root {
  readonly traceId: string
  readonly #exports: Exports

  constructor(invocation: Invocation, exports: Exports, span: Span, context: Context, answers: boolean) {
    super(invocation, span, context, answers)
    this.traceId = span.spanContext().traceId
    this.#exports = exports
  }

  active(): Open {
    const open = activeOf(this.invocation.parts)
    return open?.invocation === this.invocation ? open : this
  }
  override end(failure?: Failure): void {
    // What is open when the time is up is what has used it up. Anything else ends when it does, and is sent then.
    if (failure && isDeadlines(failure.error)) this.invocation.close(failure)
    super.end(failure)
  }
  interim(): void {
    void this.#exports.send()
  }
  flush(patience: number): Promise<void> | undefined {
    return this.#exports.flush(patience)
  }
}

const isDeadlines = (error: unknown) => {
  try {
    return isError(error, 'DeadlineError')
  } catch {
    return false
  }
}

export const begin = (parts: Parts, exports: Exports, start: Start): RootSpan => {
  const { api, tracer } = parts
  const { parent, links } = origin(parts, start)
  const { name, kind, attributes } = shown(start)
  const span = parts.rooted(idOf(start.trace.root), () =>
    tracer.startSpan(
      name,
      { kind: kind === 'server' ? api.SpanKind.SERVER : api.SpanKind.CONSUMER, attributes, links: [...links] },
      parent,
    ),
  )
  const invocation = new Invocation(parts, start.trace.lineage)
  return new RootSpan(invocation, exports, span, parent, attributes['faas.trigger'] === 'http')
}

/** What an invocation continues, and what it has to do with otherwise. */
interface Origin {
  readonly parent: Context
  readonly links: readonly Link[]
}

const origin = ({ api, manager, propagator }: Parts, { trace, links, event }: Start): Origin => {
  const base = manager.active()
  // A span of the layer's or of a library's that has wrapped the function.
  if (api.trace.getSpan(base)) return { parent: base, links: [] }
  const contexts = carriersOf(event).map((carrier) => propagator.extract(base, carrier, getter))
  const spans = contexts.flatMap((context) => api.trace.getSpanContext(context) ?? [])
  const [first] = spans
  if (first && spans.every(({ traceId }) => traceId === first.traceId)) {
    const among = contexts.find((context) => api.trace.getSpanContext(context) === first)
    return { parent: among ?? base, links: [] }
  }
  // Baggage without a trace is handed on too, of the one that the invocation is of.
  const alone = contexts.length === 1 ? (contexts[0] as Context) : base
  return {
    parent: first ? base : joined(alone, trace, api),
    links: first ? spans.map((context) => ({ context })) : links.map((link) => ({ context: contextOf(link) })),
  }
}

const joined = (context: Context, trace: Incoming, api: Parts['api']) =>
  trace.parent === undefined ? context : api.trace.setSpanContext(context, contextOf(trace))

const contextOf = ({ root, parent = '', sampled, theirs = sampled }: Incoming) => ({
  traceId: idOf(root),
  spanId: parent,
  traceFlags: theirs ? 1 : 0,
  isRemote: true,
})

const getter = {
  keys: (carrier: Readonly<Record<string, string>>) => Object.keys(carrier),
  get: (carrier: Readonly<Record<string, string>>, key: string) => carrier[key.toLowerCase()],
}
