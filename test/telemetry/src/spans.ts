/** A segment or subsegment, or one of OpenTelemetry's spans, in the flat. Times are ms since the epoch. */
export interface Span {
  readonly id: string
  /** Of a segment or subsegment, as X-Ray writes it: `1-8hex-24hex`; of OpenTelemetry's, 32 hexadecimal digits. */
  readonly trace: string
  readonly parent: string | undefined
  readonly name: string
  readonly start: number
  /** Undefined while it is in progress. */
  readonly end: number | undefined
  readonly namespace: string | undefined
  readonly annotations: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly error: boolean
  readonly fault: boolean
  readonly throttle: boolean
  /** The first of its exceptions is what was thrown, each next one its cause. */
  readonly exceptions: readonly Exception[]
  /** All that was sent about it, without its children. */
  readonly raw: Readonly<Record<string, unknown>>
}

export interface Exception {
  readonly id?: string
  readonly type?: string
  readonly message?: string
  readonly remote?: boolean
  readonly stack?: readonly { readonly path?: string; readonly line?: number; readonly label?: string }[]
}

interface Loose extends Record<string, unknown> {
  subsegments?: unknown
}

/** A document's own span and all within it, parents first. */
export function spansOf(document: object): readonly Span[] {
  return [...flattened(document as Loose, undefined)]
}

function* flattened(value: Loose, within: Span | undefined): Generator<Span> {
  const { subsegments, ...raw } = value
  const span: Span = {
    id: String(raw.id),
    trace: String(raw.trace_id ?? within?.trace),
    parent: (raw.parent_id as string | undefined) ?? within?.id,
    name: String(raw.name),
    start: Number(raw.start_time) * 1000,
    end: raw.end_time === undefined ? undefined : Number(raw.end_time) * 1000,
    namespace: raw.namespace as string | undefined,
    annotations: (raw.annotations ?? {}) as Record<string, unknown>,
    metadata: (raw.metadata ?? {}) as Record<string, unknown>,
    error: raw.error === true,
    fault: raw.fault === true,
    throttle: raw.throttle === true,
    exceptions: exceptionsOf(raw.cause),
    raw,
  }
  yield span
  if (!Array.isArray(subsegments)) return
  for (const child of subsegments) if (typeof child === 'object' && child !== null) yield* flattened(child, span)
}

function exceptionsOf(cause: unknown): readonly Exception[] {
  const { exceptions } = (typeof cause === 'object' && cause !== null ? cause : {}) as { exceptions?: unknown }
  return Array.isArray(exceptions) ? exceptions : []
}
