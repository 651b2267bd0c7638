import { isPlainObject } from '@fnware/local/check'
import type { Style } from './style.ts'

/** What structured loggers write beside level and message that the reader of a terminal already knows, or can do without. */
const known = new Set(
  `level message timestamp time service requestId function_request_id function_name function_arn function_memory_size
  cold_start sampling_rate xray_trace_id correlation_id duration_ms remaining_ms stackTrace errorType errorMessage`.split(
    /\s+/,
  ),
)
/** What the message of a completion line says already. */
const summary = new Set(['method', 'route', 'path', 'status', 'outcome'])

/** A value that needs no quotes. */
const plain = /^[\w./:@+-]+$/

const consoleLine = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)$/s

/** A line of a function's log, for people: level and message, then what else there is. */
export function readable(line: string, style: Style): string {
  const [, level, message] = line.match(consoleLine) ?? []
  if (level !== undefined && message !== undefined) return `${levelled(level, style)} ${withError(message)}`
  const entry = parse(line)
  if (!entry) return line
  if (isPlainObject(entry._aws)) return metrics(entry, style)
  if (typeof entry.level !== 'string' || entry.message === undefined) return line
  const text = typeof entry.message === 'string' ? entry.message : JSON.stringify(entry.message)
  const parts = [levelled(entry.level.toUpperCase(), style), text]
  // A client that was answered a 500 has this and nothing else.
  const id = entry.function_request_id ?? entry.requestId
  if (entry.level.toUpperCase() === 'ERROR' && typeof id === 'string') parts.push(style('dim', `request_id=${id}`))
  const words = text.split(' ')
  for (const [name, value] of Object.entries(entry)) {
    if (known.has(name) || name === 'error') continue
    if (summary.has(name) && (words.includes(String(value)) || value === 'success')) continue
    parts.push(style('dim', `${name}=${plain.test(String(value)) ? value : JSON.stringify(value)}`))
  }
  return parts.join(' ') + stack(entry.error ?? (entry.stackTrace ? { stack: entry.stackTrace } : undefined))
}

/** From here on a stack is of the runtime, not of the function. */
const runtimeFrame = /^\s+at .*(\/runtime\/(client|handler|globals|streaming)\.mjs|node:internal\/)/

function levelled(level: string, style: Style): string {
  const color = level === 'ERROR' || level === 'FATAL' ? 'red' : level === 'WARN' ? 'yellow' : 'dim'
  return style(color, level)
}

/** "Invoke Error \t{…}", as the runtime writes it, with the stack as a stack. */
function withError(message: string): string {
  const at = message.indexOf('\t{')
  const error = at < 0 ? undefined : parse(message.slice(at + 1))
  return error?.errorType === undefined ? message : message.slice(0, at).trimEnd() + stack(error)
}

function stack(error: unknown): string {
  if (!isPlainObject(error)) return ''
  const trace = typeof error.stack === 'string' ? error.stack.split('\n') : error.stack
  const lines = Array.isArray(trace) ? trace.map(String) : []
  const runtime = lines.findIndex((line) => runtimeFrame.test(line))
  const own = runtime > 0 ? lines.slice(0, runtime) : lines
  const first = own.length ? own : [[error.name ?? error.errorType, error.message ?? error.errorMessage].join(': ')]
  const cause = isPlainObject(error.cause) ? stack(error.cause).replace(/^\n\s*/, '\n  caused by ') : ''
  return first.map((line) => `\n  ${line}`).join('') + cause
}

/** Metrics in the embedded format, by name and value. */
function metrics(entry: Record<string, unknown>, style: Style): string {
  const directives = (entry._aws as { CloudWatchMetrics?: { Metrics?: { Name: string }[] }[] }).CloudWatchMetrics ?? []
  const names = directives.flatMap((directive) => directive.Metrics ?? []).map((metric) => metric.Name)
  return `${style('dim', 'METRIC')} ${names.map((name) => `${name}=${JSON.stringify(entry[name])}`).join(' ')}`
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
