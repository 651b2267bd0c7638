import type { Over } from './middleware.ts'
import { isThenable } from './thenable.ts'

/** What was given to `next` to run at the end. */
export interface Overs {
  over(over: Over): void
}

/** Runs each once, the last first, whatever comes first: the end or the deadline. */
export const runOvers = (overs: Over[], error: unknown, failed: (thrown: unknown) => void): void => {
  for (let over = overs.pop(); over; over = overs.pop())
    try {
      const done: unknown = over(error)
      // Nobody waits for it, but what it rejects with must not end the process.
      if (isThenable(done)) done.then(undefined, failed)
    } catch (thrown) {
      failed(thrown)
    }
}
