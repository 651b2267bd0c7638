import { compose } from './compose.ts'
import { innermost } from './innermost.ts'
import { flightOf, type InFlight } from './invocation.ts'
import type { AnyMiddleware } from './plan.ts'

/** Middlewares round a part of a function, such as one of its routes. */
export const nested = (steps: readonly AnyMiddleware[], fn: (ctx: never) => unknown): ((ctx: object) => unknown) => {
  if (steps.length === 0) return fn as (ctx: object) => unknown
  const run = compose(steps, innermost(fn))
  return (ctx) => {
    const flight = (ctx as InFlight)[flightOf]
    flight.insist()
    flight.reached = false
    return run(ctx, flight)
  }
}
