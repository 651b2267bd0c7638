import type { Context } from './context.ts'
import { DeadlineError } from './errors.ts'

/** ms that Lambda leaves. Endless where a test gives no context. */
export const remaining = (context: Context | undefined): number => context?.getRemainingTimeInMillis?.() ?? Infinity

/** ms kept for answering, of those that are left. */
export const margin = (left: number, before = 500): number => Math.min(before, left / 4)

export const outOfTime = (margin: number, end = "the function's timeout"): DeadlineError =>
  new DeadlineError(`not done ${Math.round(margin)} ms before ${end}`)
