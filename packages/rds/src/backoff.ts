import type { Kind } from './driver.ts'

/** ms at most before what was tried is tried again. */
const longest = 1_000

/** ms before another attempt: a conflict is over soon, and a server that was lost takes its time to come back. */
export const backoff = (kind: Kind | undefined, attempt: number): number =>
  Math.min(longest, kind === 'conflict' ? 10 * 2 ** attempt : 25 * 4 ** attempt) * (0.5 + Math.random())
