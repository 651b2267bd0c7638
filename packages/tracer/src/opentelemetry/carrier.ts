/** What an event hands on by name: the headers of a request, or the attributes of a message. */
export type Carrier = Readonly<Record<string, string>>

interface AnyEvent {
  readonly headers?: Fields | null
  readonly multiValueHeaders?: Fields | null
  readonly Records?: readonly (AnyRecord | null)[]
}
interface AnyRecord {
  readonly messageAttributes?: Attributes | null
  readonly Sns?: { readonly MessageAttributes?: Attributes | null } | null
}
type Fields = Readonly<Record<string, unknown>>
type Attributes = Readonly<Record<string, { readonly stringValue?: unknown; readonly Value?: unknown } | null>>

/** As many links as a span holds by default. */
const mostRecords = 128

/** One for a request, one for each record of SQS or SNS that brings anything, none for all else. Names are in lower case. */
export const carriersOf = (event: unknown): readonly Carrier[] => {
  if (typeof event !== 'object' || event === null) return []
  const { headers, multiValueHeaders, Records } = event as AnyEvent
  const fields = headers ?? multiValueHeaders
  if (fields) return [carrier(fields, (value) => (Array.isArray(value) ? value[0] : value))]
  if (!Array.isArray(Records)) return []
  return Records.slice(0, mostRecords).flatMap((record: AnyRecord | null) => {
    const attributes = record?.messageAttributes ?? record?.Sns?.MessageAttributes
    return attributes && Object.keys(attributes).length > 0 ? [carrier(attributes, textOfAttribute)] : []
  })
}

const textOfAttribute = (attribute: unknown) => {
  const { stringValue, Value } = (attribute ?? {}) as { readonly stringValue?: unknown; readonly Value?: unknown }
  return stringValue ?? Value
}

const carrier = (fields: Fields, textOf: (value: unknown) => unknown): Carrier => {
  // Without a prototype: a header may be called anything.
  const found: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(fields)) {
    const text = textOf(value)
    if (typeof text === 'string') found[name.toLowerCase()] = text
  }
  return found
}

/** `traceparent` and `tracestate` alone, for those who need no more: every invocation asks. */
export const traceparentsOf = (event: unknown): readonly (readonly [parent: unknown, state: unknown])[] => {
  if (typeof event !== 'object' || event === null) return []
  const { headers, multiValueHeaders, Records } = event as AnyEvent
  const fields = headers ?? multiValueHeaders
  if (fields) {
    const parent = headerOf(fields, 'traceparent', 'Traceparent')
    return parent === undefined ? [] : [[parent, headerOf(fields, 'tracestate', 'Tracestate')]]
  }
  if (!Array.isArray(Records)) return []
  const found: [unknown, unknown][] = []
  for (const record of Records.slice(0, mostRecords)) {
    const attributes: Attributes | null | undefined = record?.messageAttributes ?? record?.Sns?.MessageAttributes
    if (attributes?.traceparent)
      found.push([textOfAttribute(attributes.traceparent), textOfAttribute(attributes.tracestate)])
  }
  return found
}

/** Services write names as the client did, in lower case, or each word with a capital. */
const headerOf = (fields: Fields, lower: string, capital: string): unknown => {
  const value = fields[lower] ?? fields[capital]
  return Array.isArray(value) ? value[0] : value
}
