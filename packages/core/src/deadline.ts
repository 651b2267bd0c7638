import type { Context } from './context.ts'
import { DeadlineError } from './errors.ts'
import type { Flight } from './flight.ts'
import { inLambda } from './shutdown.ts'
import { longest } from './within.ts'

export interface DeadlineOptions {
  /** ms before Lambda's own timeout at which `ctx.signal` aborts; 500 by default, at most a quarter of the time there is. */
  readonly deadline?: number
  /** ms after that at which the source answers whatever happens; 200 by default, at most half of `deadline`. */
  readonly grace?: number
}

/** ms that Lambda leaves. Endless where a test gives no context. */
export const remaining = (context: Context | undefined): number => context?.getRemainingTimeInMillis?.() ?? Infinity

/** One timer for all invocations in flight: armed when none is, not for each. When it fires, it looks at each. */
export class Deadline {
  readonly #before: number
  readonly #grace: number
  readonly #others = new Set<Flight>()
  #first: Flight | undefined
  #timer: NodeJS.Timeout | undefined
  #armedFor = Infinity

  constructor(options: DeadlineOptions) {
    this.#before = options.deadline ?? 500
    this.#grace = options.grace ?? 200
  }

  /** @param limit ms after which nobody waits for the answer any more, whatever time Lambda leaves */
  add(flight: Flight, limit: number): void {
    if (this.#first) this.#others.add(flight)
    else this.#first = flight
    const lambdas = remaining(flight.context)
    // Without a context of Lambda's there is nothing to count down from.
    const left = lambdas === Infinity ? lambdas : Math.min(lambdas, limit)
    flight.cut = left < lambdas ? lambdas - left : 0
    flight.margin = Math.min(this.#before, left / 4)
    if (left - flight.margin < this.#armedFor) this.#arm(left - flight.margin)
  }

  delete(flight: Flight): void {
    if (this.#first === flight) this.#first = undefined
    else this.#others.delete(flight)
  }

  error(flight: Flight): DeadlineError {
    const end = flight.cut > 0 ? 'nobody waits for the answer any longer' : "the function's timeout"
    return new DeadlineError(`not done ${Math.round(flight.margin)} ms before ${end}`)
  }

  #arm(left: number) {
    // Times left differ by some ms: look early rather than arm again.
    this.#armedFor = Math.max(1, left < 200 ? left : left - 100)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), Math.min(this.#armedFor, longest))
    if (!inLambda) this.#timer.unref()
  }

  #look() {
    this.#armedFor = Infinity
    let next = Infinity
    for (const flight of this.#first ? [this.#first, ...this.#others] : this.#others)
      next = Math.min(next, flight.check(Math.min(this.#grace, flight.margin / 2)))
    if (next < this.#armedFor) this.#arm(next)
  }
}
