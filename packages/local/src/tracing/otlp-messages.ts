import type { Message } from './protobuf.ts'

/*
 * The messages of OTLP's traces, by the numbers of their fields.
 * https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto
 */

const value: Message = {
  1: ['stringValue', 'text'],
  2: ['boolValue', 'boolean'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
  5: ['arrayValue', () => ({ 1: ['values', () => value, 'repeated'] })],
  6: ['kvlistValue', () => ({ 1: ['values', () => attribute, 'repeated'] })],
  7: ['bytesValue', 'base64'],
}
const attribute: Message = { 1: ['key', 'text'], 2: ['value', () => value] }

const event: Message = {
  1: ['timeUnixNano', 'fixed64'],
  2: ['name', 'text'],
  3: ['attributes', () => attribute, 'repeated'],
}
const link: Message = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['attributes', () => attribute, 'repeated'],
}
const status: Message = { 2: ['message', 'text'], 3: ['code', 'integer'] }
const span: Message = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'integer'],
  7: ['startTimeUnixNano', 'fixed64'],
  8: ['endTimeUnixNano', 'fixed64'],
  9: ['attributes', () => attribute, 'repeated'],
  11: ['events', () => event, 'repeated'],
  13: ['links', () => link, 'repeated'],
  15: ['status', () => status],
  16: ['flags', 'fixed32'],
}
const scopeSpans: Message = { 2: ['spans', () => span, 'repeated'] }
const resourceSpans: Message = { 2: ['scopeSpans', () => scopeSpans, 'repeated'] }

export const exportRequest: Message = { 1: ['resourceSpans', () => resourceSpans, 'repeated'] }
