import type { Over } from './middleware.ts'
import type { AnyMiddleware } from './plan.ts'
import { promised } from './thenable.ts'
import type { Unwinding } from './unwinding.ts'

/** The rest of a chain: what is left of it, run on a context. */
export type Run<F extends Unwinding> = (ctx: object, flight: F) => Promise<unknown>

/**
 * Builds a chain once, from the inside out. An invocation then allocates one `next` for each middleware. `next` never
 * throws: what is thrown within rejects its promise, so that every layer unwinds.
 */
export const compose = <F extends Unwinding>(steps: readonly AnyMiddleware[], innermost: Run<F>): Run<F> =>
  steps.reduceRight<Run<F>>(around, innermost)

const around =
  <F extends Unwinding>(inner: Run<F>, step: AnyMiddleware): Run<F> =>
  (ctx, flight) => {
    let state = 0
    const next = (adds?: object, over?: Over): Promise<unknown> => {
      if (state & called) return Promise.reject(twice(step))
      state |= called
      if (over) flight.over(over)
      let within: Promise<unknown>
      try {
        within = inner(adds ? add(ctx, adds) : ctx, flight)
      } catch (error) {
        if (flight.within) flight.began(flight.within)
        within = rejected(error)
      }
      if (state & returned) flight.began(within)
      else flight.within = within
      return within
    }
    const around = promised(step(ctx as never, next as never))
    state |= returned
    if (flight.within !== around && state & called) flight.began(flight.within as Promise<unknown>)
    return around
  }
/** What a middleware has done: called `next`, returned. */
const called = 1
const returned = 2

/** In a moment: a promise that is rejected before anybody waits for it is first entered among the process's unhandled ones. */
const rejected = (error: unknown) =>
  new Promise<never>((_, reject) => {
    queueMicrotask(() => reject(error))
  })

const twice = (step: AnyMiddleware) => new Error(`a middleware called next() twice${step.name && `: \`${step.name}\``}`)

/** Object.assign takes twice as long. */
export const add = <T extends object>(ctx: T, adds: object): T => {
  for (const key in adds) (ctx as Record<string, unknown>)[key] = (adds as Record<string, unknown>)[key]
  return ctx
}
