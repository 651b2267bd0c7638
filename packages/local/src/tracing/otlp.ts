import { asList, asObject, asText, type Loose, type Told, thrown } from './told.ts'

/**
 * The spans of an export of OpenTelemetry, as OTLP has it in JSON.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function readExport(request: unknown): readonly Told[] {
  return asList(asObject(request).resourceSpans).flatMap((resource) =>
    asList(resource.scopeSpans).flatMap((scope) => asList(scope.spans).flatMap(spanOf)),
  )
}

function spanOf(span: Loose): readonly Told[] {
  const id = asText(span.spanId)?.toLowerCase()
  const trace = asText(span.traceId)?.toLowerCase()
  const start = milliseconds(span.startTimeUnixNano)
  if (!id || trace?.length !== 32 || start === undefined) return []
  const attributes = attributesOf(span)
  const status = asObject(span.status)
  const exception = asList(span.events).find(({ name }) => name === 'exception')
  const { 'exception.type': type, 'exception.message': message } = exception ? attributesOf(exception) : {}
  const failed = status.code === 2
  return [
    {
      id,
      // So X-Ray writes the same 128 bits.
      trace: `1-${trace.slice(0, 8)}-${trace.slice(8)}`,
      parent: asText(span.parentSpanId)?.toLowerCase() || undefined,
      name: asText(span.name) ?? '',
      start,
      end: milliseconds(span.endTimeUnixNano),
      by: 'function',
      status: failed ? 'fault' : 'ok',
      error: failed ? (thrown(type, message) ?? asText(status.message)) : undefined,
      attributes,
      detail: span,
      requestId: asText(attributes['faas.invocation_id']),
    },
  ]
}

function attributesOf(described: Loose): Loose {
  return keyed(described.attributes)
}

function keyed(list: unknown): Loose {
  return Object.fromEntries(asList(list).map(({ key, value }) => [String(key), plain(value)]))
}

function plain(value: unknown): unknown {
  const [kind, held] = Object.entries(asObject(value))[0] ?? []
  if (kind === 'arrayValue') return asList(asObject(held).values).map(plain)
  if (kind === 'kvlistValue') return keyed(asObject(held).values)
  return kind === 'intValue' || kind === 'doubleValue' ? Number(held) : held
}

const milliseconds = (nanoseconds: unknown): number | undefined => Number(nanoseconds ?? 0) / 1e6 || undefined
