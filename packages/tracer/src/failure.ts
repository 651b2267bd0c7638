import { type Ending, isError } from '@fnware/core'
import type { Failure } from './engine.ts'

/** How a span failed that something was thrown in. */
export const failureOf = (error: unknown): Failure => ({ as: blame(error), error })

const blame = (error: unknown): Failure['as'] => {
  try {
    if (isError(error, 'InputError')) return 'error'
    return isError(error, 'HttpError') ? ofStatus(error.status) : 'fault'
  } catch {
    // It cannot be read.
    return 'fault'
  }
}
const ofStatus = (status: number): Failure['as'] => (status === 429 ? 'throttle' : status < 500 ? 'error' : 'fault')

/** How an invocation failed, which may have answered a failure that nothing was thrown for. */
export const failureOfEnding = ({ error, summary: { status } }: Ending): Failure | undefined => {
  if (error) return failureOf(error)
  return typeof status === 'number' && status >= 400 ? { as: ofStatus(status) } : undefined
}
