import type { Context, Ending } from '@fnware/core'
import type { Logger } from './invocation-logger.ts'

/** The line that ends an invocation. */
export const complete = (
  logger: Logger,
  { outcome, error, summary }: Ending,
  /** By `process.hrtime()`. */
  started: [seconds: number, nanoseconds: number],
  context: Context | undefined,
): void => {
  const { method, route, path, status } = summary
  const [seconds, nanoseconds] = process.hrtime(started)
  const what = method === undefined ? (context?.functionName ?? 'invocation') : `${method} ${route ?? path}`
  const failed = outcome === 'error' || outcome === 'timeout'
  logger[failed ? 'error' : 'info'](`${what} ${status ?? outcome}`, {
    outcome,
    duration_ms: Math.round(seconds * 1e5 + nanoseconds / 1e4) / 100,
    remaining_ms: context?.getRemainingTimeInMillis?.(),
    ...summary,
    ...(error && { error_name: className(error) }),
    // What the client was told. What it was not told has a line of its own.
    ...(outcome === 'refused' && { error_message: error?.message }),
  })
}

/** The class, also where it gives its instances no name of its own. */
const className = (error: Error): string => {
  try {
    return (error.name === 'Error' && error.constructor?.name) || error.name
  } catch {
    return 'Error'
  }
}
