import type { Run } from './compose.ts'
import type { Flight } from './flight.ts'
import { promised } from './thenable.ts'

/** Where a chain ends: in a function, whose result the flight keeps, so that a middleware which drops it is found. */
export const innermost =
  (fn: (ctx: never) => unknown): Run<Flight> =>
  (ctx, flight) => {
    flight.insist()
    flight.reached = true
    flight.output = undefined
    const result = promised(fn(ctx as never))
    // A chain further in, such as a route's, has been there first: then its result is the one that counts.
    flight.output ??= result
    return result
  }
