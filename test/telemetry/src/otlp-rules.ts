import { boolean, type Fields, isObject, list, number, object, type Rule, shown, text } from './rule.ts'

/*
 * What OTLP asks of traces, in the form of its JSON.
 * https://opentelemetry.io/docs/specs/otlp/, https://opentelemetry.io/docs/specs/otel/trace/api/
 */

const string = text()

function id(digits: number): Rule {
  const pattern = new RegExp(`^(?!0*$)[0-9a-fA-F]{${digits}}$`)
  return text({ pattern, says: `${digits} hexadecimal digits, not all zeros` })
}

const parent: Rule = (value, where, report) => {
  if (value !== '') id(16)(value, where, report)
}

/** 64 bits: a string, since a number would not hold them. */
const int64: Rule = (value, where, report) => {
  if (Number.isSafeInteger(value)) return
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value))
    report(`${where} must be an integer of 64 bits in a string, and is ${shown(value)}`)
}

/** Milliseconds or seconds are a mistake easily made. */
const nanoseconds: Rule = (value, where, report) => {
  if (typeof value !== 'string' || !/^1\d{18}$/.test(value))
    report(`${where} must be nanoseconds since the epoch, and is ${shown(value)}`)
}

const member = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,256}$/
/** https://www.w3.org/TR/trace-context/#tracestate-header */
const traceState: Rule = (value, where, report) => {
  string(value, where, report)
  if (typeof value !== 'string' || value === '') return
  const members = value.split(',').map((each) => each.trim())
  if (members.length > 32 || members.some((each) => each !== '' && !member.test(each)))
    report(`${where} must be a tracestate, and is ${shown(value)}`)
}

const count = number({ integer: true, min: 0 })

const anyValueFields: Fields = {
  stringValue: string,
  boolValue: boolean,
  intValue: int64,
  doubleValue: (value, where, report) => {
    // So protobuf's JSON writes what JSON cannot.
    if (!['NaN', 'Infinity', '-Infinity'].includes(String(value))) number()(value, where, report)
  },
  arrayValue: (value, where, report) => object({ values: list(anyValue) })(value, where, report),
  kvlistValue: (value, where, report) => object({ values: attributes })(value, where, report),
  bytesValue: text({ pattern: /^[A-Za-z0-9+/_-]*={0,2}$/, says: 'base64' }),
}

const anyValue: Rule = (value, where, report) => {
  object(anyValueFields)(value, where, report)
  const kinds = isObject(value) ? Object.keys(value) : []
  if (kinds.length > 1) report(`${where} must be of one kind, and has ${kinds.join(', ')}`)
}

const attributes: Rule = (value, where, report) => {
  list(object({ key: text({ min: 1 }), value: anyValue }, ['key']))(value, where, report)
  const keys: unknown[] = Array.isArray(value) ? value.map((each) => each?.key) : []
  for (const key of new Set(keys.filter((key, index) => keys.indexOf(key) !== index)))
    report(`${where} has ${shown(key)} twice`)
}

const described: Fields = { attributes, droppedAttributesCount: count }

/** Trace flags in 8 bits, and whether the parent is remote in two more. */
const flags = number({ integer: true, min: 0, max: 0x3ff })

const event = object({ timeUnixNano: nanoseconds, name: text({ min: 1 }), ...described }, ['timeUnixNano', 'name'])
const link = object({ traceId: id(32), spanId: id(16), traceState, flags, ...described }, ['traceId', 'spanId'])

const statusObject = object({ message: string, code: number({ integer: true, min: 0, max: 2 }) })
const status: Rule = (value, where, report) => {
  statusObject(value, where, report)
  if (isObject(value) && value.code !== 2 && (value.message ?? '') !== '')
    report(`${where} has a message, and only an error may`)
}

const spanObject = object(
  {
    traceId: id(32),
    spanId: id(16),
    parentSpanId: parent,
    traceState,
    flags,
    name: text({ min: 1 }),
    kind: number({ integer: true, min: 0, max: 5 }),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    events: list(event),
    droppedEventsCount: count,
    links: list(link),
    droppedLinksCount: count,
    status,
    ...described,
  },
  ['traceId', 'spanId', 'name', 'startTimeUnixNano', 'endTimeUnixNano'],
)

const span: Rule = (value, where, report) => {
  spanObject(value, where, report)
  if (!isObject(value)) return
  const { startTimeUnixNano: start, endTimeUnixNano: end, spanId, parentSpanId } = value
  // Both have as many digits.
  if (typeof start === 'string' && typeof end === 'string' && end < start) report(`${where} ends before it starts`)
  if (spanId !== undefined && spanId === parentSpanId) report(`${where} is its own parent`)
}

const scope = object({ name: string, version: string, ...described })
const resource = object({
  ...described,
  entityRefs: list(
    object({ schemaUrl: string, type: string, idKeys: list(string), descriptionKeys: list(string) }, ['type']),
  ),
})
const scopeSpans = object({ scope, spans: list(span), schemaUrl: string })
const resourceSpans = object({ resource, scopeSpans: list(scopeSpans), schemaUrl: string })

export const exportRequest: Rule = object({ resourceSpans: list(resourceSpans) })
