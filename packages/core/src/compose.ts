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
    let called = false
    let within: Promise<unknown> | undefined
    let around: Promise<unknown> | undefined
    const next = (adds?: object, over?: Over): Promise<unknown> => {
      if (called) return Promise.reject(twice(step))
      called = true
      if (over) flight.over(over)
      try {
        within = inner(adds ? add(ctx, adds) : ctx, flight)
      } catch (error) {
        within = Promise.reject(error)
      }
      if (around) flight.began(within)
      return within
    }
    try {
      around = promised(step(ctx as never, next as never))
    } catch (error) {
      around = Promise.reject(error)
    }
    if (within && within !== around) flight.began(within)
    return around
  }

const twice = (step: AnyMiddleware) => new Error(`a middleware called next() twice${step.name && `: \`${step.name}\``}`)

/** Object.assign takes twice as long. */
export const add = <T extends object>(ctx: T, adds: object): T => {
  for (const key in adds) (ctx as Record<string, unknown>)[key] = (adds as Record<string, unknown>)[key]
  return ctx
}
