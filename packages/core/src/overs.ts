import type { Over } from './middleware.ts'

/** What was given to `next` to run at the end. */
export interface Overs {
  /** Collects; the first layer to ask is given what runs it all. */
  over(over: Over): Over | undefined
}

/** Runs each once, the last first, whoever gets there first: the layer that unwinds or the deadline. */
export const runOvers = (overs: Over[], error: unknown, failed: (thrown: unknown) => void): void => {
  for (let over = overs.pop(); over; over = overs.pop())
    try {
      over(error)
    } catch (thrown) {
      failed(thrown)
    }
}
