import { isError } from './is-error.ts'

/** How an invocation ended. */
export interface Ending {
  /**
   * `refused` is an answer to what the client did wrong (an InputError, an HttpError below 500), `timeout` the
   * deadline's answer.
   */
  readonly outcome: 'success' | 'refused' | 'error' | 'timeout'
  /** What Lambda gets, as the source shaped it; undefined where an error is thrown. */
  readonly result: unknown
  /** What was thrown, be it answered by the source or not. */
  readonly error: Error | undefined
  /** What the source says of this invocation for a log line, such as its route and status. */
  readonly summary: Readonly<Record<string, unknown>>
}

/** What `ctx.defer()` takes. */
export type Deferred = (ending: Ending) => unknown

export const outcomeOf = (error: Error | undefined): Ending['outcome'] => {
  if (!error) return 'success'
  if (isError(error, 'InputError') || (isError(error, 'HttpError') && error.status < 500)) return 'refused'
  return isError(error, 'DeadlineError') ? 'timeout' : 'error'
}
