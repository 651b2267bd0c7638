import type { Field, Kind, Message } from './protobuf.ts'

/*
 * The messages of OTLP, by the numbers of their fields.
 * https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto
 */

type Of = Kind | (() => Message)

const one = (name: string, kind: Of): Field => ({ name, kind })
const many = (name: string, kind: Of): Field => ({ name, kind, repeated: true })

const anyValue: Message = {
  1: one('stringValue', 'string'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'int64'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => arrayValue),
  6: one('kvlistValue', () => keyValueList),
  7: one('bytesValue', 'bytes'),
}
const arrayValue: Message = { 1: many('values', () => anyValue) }
const keyValue: Message = { 1: one('key', 'string'), 2: one('value', () => anyValue) }
const keyValueList: Message = { 1: many('values', () => keyValue) }
const attributes = many('attributes', () => keyValue)
const droppedAttributesCount = one('droppedAttributesCount', 'uint32')

const entityRef: Message = {
  1: one('schemaUrl', 'string'),
  2: one('type', 'string'),
  3: many('idKeys', 'string'),
  4: many('descriptionKeys', 'string'),
}
const resource: Message = { 1: attributes, 2: droppedAttributesCount, 3: many('entityRefs', () => entityRef) }
const scope: Message = {
  1: one('name', 'string'),
  2: one('version', 'string'),
  3: attributes,
  4: droppedAttributesCount,
}
const event: Message = {
  1: one('timeUnixNano', 'fixed64'),
  2: one('name', 'string'),
  3: attributes,
  4: droppedAttributesCount,
}
const link: Message = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  3: one('traceState', 'string'),
  4: attributes,
  5: droppedAttributesCount,
  6: one('flags', 'fixed32'),
}
const status: Message = { 2: one('message', 'string'), 3: one('code', 'enum') }
const span: Message = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  3: one('traceState', 'string'),
  4: one('parentSpanId', 'hex'),
  5: one('name', 'string'),
  6: one('kind', 'enum'),
  7: one('startTimeUnixNano', 'fixed64'),
  8: one('endTimeUnixNano', 'fixed64'),
  9: attributes,
  10: droppedAttributesCount,
  11: many('events', () => event),
  12: one('droppedEventsCount', 'uint32'),
  13: many('links', () => link),
  14: one('droppedLinksCount', 'uint32'),
  15: one('status', () => status),
  16: one('flags', 'fixed32'),
}
const scopeSpans: Message = {
  1: one('scope', () => scope),
  2: many('spans', () => span),
  3: one('schemaUrl', 'string'),
}
const resourceSpans: Message = {
  1: one('resource', () => resource),
  2: many('scopeSpans', () => scopeSpans),
  3: one('schemaUrl', 'string'),
}

export const exportTraceServiceRequest: Message = { 1: many('resourceSpans', () => resourceSpans) }
