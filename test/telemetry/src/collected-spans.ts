/** A span of OpenTelemetry, in the flat. Times are ms since the epoch. */
export interface CollectedSpan {
  readonly id: string
  readonly trace: string
  readonly parent: string | undefined
  readonly name: string
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly start: number
  readonly end: number
  readonly attributes: Attributes
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string }
  readonly events: readonly { readonly name: string; readonly time: number; readonly attributes: Attributes }[]
  readonly links: readonly { readonly trace: string; readonly id: string; readonly attributes: Attributes }[]
  readonly state: string
  readonly flags: number
  /** Attributes of what it comes from, such as `service.name`. */
  readonly resource: Attributes
  /** Who wrote it. */
  readonly scope: { readonly name: string; readonly version: string }
}

export type Attributes = Readonly<Record<string, unknown>>

type Loose = Record<string, unknown>

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const codes = ['unset', 'ok', 'error'] as const

/** The spans of a request in OTLP's JSON, of which nothing need be sound. */
export function collectedSpansOf(request: unknown): readonly CollectedSpan[] {
  return objects(request, 'resourceSpans').flatMap((each) => {
    const resource = attributesOf(member(each, 'resource'))
    return objects(each, 'scopeSpans').flatMap((scoped) => {
      const { name, version } = member(scoped, 'scope')
      const scope = { name: String(name ?? ''), version: String(version ?? '') }
      return objects(scoped, 'spans').map((span) => ({ ...collected(span), resource, scope }))
    })
  })
}

function collected(span: Loose): Omit<CollectedSpan, 'resource' | 'scope'> {
  const { code, message } = member(span, 'status')
  const parent = lower(span.parentSpanId)
  return {
    id: lower(span.spanId),
    trace: lower(span.traceId),
    parent: parent === '' ? undefined : parent,
    name: String(span.name ?? ''),
    kind: kinds[Number(span.kind ?? 0)] ?? 'unspecified',
    start: milliseconds(span.startTimeUnixNano),
    end: milliseconds(span.endTimeUnixNano),
    attributes: attributesOf(span),
    status: { code: codes[Number(code ?? 0)] ?? 'unset', message: String(message ?? '') },
    events: objects(span, 'events').map((event) => ({
      name: String(event.name ?? ''),
      time: milliseconds(event.timeUnixNano),
      attributes: attributesOf(event),
    })),
    links: objects(span, 'links').map((link) => ({
      trace: lower(link.traceId),
      id: lower(link.spanId),
      attributes: attributesOf(link),
    })),
    state: String(span.traceState ?? ''),
    flags: Number(span.flags ?? 0),
  }
}

function attributesOf(described: Loose): Attributes {
  return keyed(described, 'attributes')
}

function keyed(value: unknown, name: string): Attributes {
  return Object.fromEntries(objects(value, name).map(({ key, value }) => [String(key), plain(value)]))
}

function plain(value: unknown): unknown {
  const [kind, held] = Object.entries(object(value))[0] ?? []
  if (kind === 'arrayValue') return objects(held, 'values').map(plain)
  if (kind === 'kvlistValue') return keyed(held, 'values')
  if (kind === 'bytesValue') return Buffer.from(String(held), 'base64')
  if (kind === 'intValue' || kind === 'doubleValue') return Number(held)
  return held
}

function objects(value: unknown, name: string): readonly Loose[] {
  const list = object(value)[name]
  return Array.isArray(list) ? list.map(object) : []
}

function member(value: unknown, name: string): Loose {
  return object(object(value)[name])
}

function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {}
}

function lower(value: unknown): string {
  return String(value ?? '').toLowerCase()
}

function milliseconds(nanoseconds: unknown): number {
  return Number(nanoseconds ?? 0) / 1e6
}
