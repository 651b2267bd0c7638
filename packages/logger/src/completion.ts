import type { Context, Ending } from '@fnware/core'
import { attemptsOf } from './attempts.ts'
import type { Logger } from './invocation-logger.ts'
import { peakMemory } from './memory.ts'

/** The line that ends an invocation. */
export const complete = (
  logger: Logger,
  { outcome, error, summary }: Ending,
  /** By `process.hrtime()`. */
  [seconds, nanoseconds]: readonly [seconds: number, nanoseconds: number],
  event: unknown,
  context: Context | undefined,
): void => {
  const { method, route, path, status } = summary
  const now = process.hrtime()
  const what = method === undefined ? (context?.functionName ?? 'invocation') : `${method} ${route ?? path}`
  const failed = outcome === 'error' || outcome === 'timeout'
  logger[failed ? 'error' : 'info'](`${what} ${status ?? outcome}`, {
    outcome,
    duration_ms: Math.round((now[0] - seconds) * 1e5 + (now[1] - nanoseconds) / 1e4) / 100,
    remaining_ms: context?.getRemainingTimeInMillis?.(),
    max_memory_mb: peakMemory(now),
    ...summary,
    ...attemptsOf(event),
    ...(error && classesOf(error)),
    // What the client was told. What it was not told has a line of its own.
    ...(outcome === 'refused' && { error_message: error?.message }),
  })
}

/** Its class, and that of what it wraps. */
const classesOf = (error: Error): { readonly error_name: string; readonly error_cause?: string } => {
  const error_name = className(error)
  try {
    const { cause } = error
    return cause instanceof Error ? { error_name, error_cause: className(cause) } : { error_name }
  } catch {
    return { error_name }
  }
}

/** The class, also where it gives its instances no name of its own. */
const className = (error: Error): string => {
  try {
    return (error.name === 'Error' && error.constructor?.name) || error.name
  } catch {
    return 'Error'
  }
}
