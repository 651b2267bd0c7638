import { withoutSecrets } from '../secrets.ts'

/** How deep causes are followed, and how long what is said of them may be. */
const deepest = 10
const longest = 16_384

/** What an `exception` event says: OpenTelemetry knows no causes, so they follow in the stack trace, as Java has them. */
export interface Exception {
  readonly 'exception.type': string
  readonly 'exception.message': string
  readonly 'exception.stacktrace': string
}

/** @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/ */
export const exceptionOf = (error: unknown): Exception => {
  const seen: unknown[] = []
  const traces: string[] = []
  let at: unknown = error
  while (at !== undefined && at !== null && seen.length < deepest && !seen.includes(at)) {
    seen.push(at)
    const { type, message, stack, cause } = partsOf(at)
    traces.push(stack ?? `${type}: ${message}`)
    at = cause
  }
  const { type, message } = partsOf(error)
  return {
    'exception.type': cut(type),
    'exception.message': cut(message),
    'exception.stacktrace': cut(traces.join('\nCaused by: ')),
  }
}

interface Parts {
  readonly type: string
  readonly message: string
  readonly stack?: string
  readonly cause?: unknown
}

/** What can be read of what was thrown, which may be anything. */
const partsOf = (thrown: unknown): Parts => {
  try {
    if (typeof thrown !== 'object' || thrown === null) return { type: typeof thrown, message: String(thrown) }
    const { name, message, stack, cause } = thrown as Error
    return {
      type: typeof name === 'string' && name ? name : 'Error',
      message: typeof message === 'string' ? message : '',
      ...(typeof stack === 'string' && { stack }),
      cause,
    }
  } catch {
    return { type: 'Error', message: '[cannot be read]' }
  }
}

const cut = (text: string) => {
  const shown = withoutSecrets(text)
  return (shown.length > longest ? `${shown.slice(0, longest)}…` : shown).toWellFormed()
}
