import type { Over } from './middleware.ts'
import { isThenable } from './thenable.ts'

/** What was given to `next` to run at the end. */
export interface Overs {
  over(over: Over): void
}

/** Runs each once, the last first. What it throws or rejects with is told; returned is what may be waited for. */
export const runAll = <Given>(
  fns: ((given: Given) => unknown)[],
  given: Given,
  failed: (thrown: unknown) => void,
): Promise<unknown>[] => {
  const waits: Promise<unknown>[] = []
  for (let fn = fns.pop(); fn; fn = fns.pop())
    try {
      const done = fn(given)
      if (isThenable(done)) waits.push(Promise.resolve(done).catch(failed))
    } catch (thrown) {
      failed(thrown)
    }
  return waits
}
