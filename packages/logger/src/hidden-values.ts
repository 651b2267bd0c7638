import { hiddenIn, withoutHidden } from '@fnware/core/extend'
import { redacted } from './redact.ts'

/** A message and fields, as JSON has them, without what is hidden by value; they themselves if there is none of it. */
export const revealing = (message: unknown, fields: object): readonly [message: unknown, fields: object] => {
  const text = JSON.stringify([message, fields])
  return hiddenIn(text).length > 0 ? (without(JSON.parse(text)) as [unknown, object]) : [message, fields]
}

const without = (value: unknown): unknown => {
  if (typeof value === 'string') return withoutHidden(value)
  if (typeof value === 'number') return hiddenIn(`${value}`).includes(`${value}`) ? redacted : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(without)
  return Object.fromEntries(Object.entries(value).map(([key, value]) => [withoutHidden(key), without(value)]))
}

/** What lines say of the function and the invocation, and nobody's secret, also where it reads like one: a service's name. */
const known: ReadonlySet<string> = new Set([
  ...['level', 'timestamp', 'service', 'cold_start', 'function_arn', 'function_memory_size', 'function_name'],
  ...['function_request_id', 'sampling_rate', 'xray_trace_id'],
])

/**
 * A finished line without what is hidden by value: still JSON, and indented if it was.
 * @param given what was given for the line, also in place of what lines say of the function
 */
export const lineWithout = (line: string, given: object): string => {
  if (hiddenIn(line).length === 0) return line
  try {
    const fields = Object.entries(JSON.parse(line) as object).map(([key, value]) =>
      known.has(key) && !(key in given) ? [key, value] : [withoutHidden(key), without(value)],
    )
    return JSON.stringify(Object.fromEntries(fields), undefined, line.startsWith('{\n') ? 4 : 0)
  } catch {
    // A line of a formatter's that is no object.
    return withoutHidden(line)
  }
}
