import { margin, remaining } from './remaining.ts'
import { inLambda } from './shutdown.ts'
import { longest } from './within.ts'

export interface DeadlineOptions {
  /** ms before Lambda's own timeout at which `ctx.signal` aborts; 500 by default, at most a quarter of the time there is. */
  readonly deadline?: number
  /** ms after that at which the source answers whatever happens; 200 by default, at most half of `deadline`. */
  readonly grace?: number
}

/** What a deadline looks at. */
export interface Timed {
  readonly context: Parameters<typeof remaining>[0]
  /** ms of Lambda's time that it may not use, and those kept for answering: the deadline's to set. */
  cut: number
  margin: number
  /** Does what is due; returns the ms until it must be looked at again. */
  check(grace: number): number
}

/** One timer for all invocations in flight: armed when none is, not for each. When it fires, it looks at each. */
export class Deadline {
  readonly #options: DeadlineOptions
  readonly #others = new Set<Timed>()
  #first: Timed | undefined
  #timer: NodeJS.Timeout | undefined
  #armedFor = Infinity

  constructor(options: DeadlineOptions) {
    this.#options = options
  }

  /**
   * @param limit ms after which nobody waits for the answer any more, whatever time Lambda leaves
   * @returns whether others are under way as well
   */
  add(flight: Timed, limit: number): boolean {
    const others = this.#first !== undefined
    if (others) this.#others.add(flight)
    else this.#first = flight
    const lambdas = remaining(flight.context)
    // Without a context of Lambda's there is nothing to count down from.
    const left = lambdas === Infinity ? lambdas : Math.min(lambdas, limit)
    flight.cut = left < lambdas ? lambdas - left : 0
    flight.margin = margin(left, this.#options.deadline)
    if (left - flight.margin < this.#armedFor) this.#arm(left - flight.margin)
    return others
  }

  delete(flight: Timed): void {
    if (this.#first === flight) this.#first = undefined
    else this.#others.delete(flight)
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
    const { grace = 200 } = this.#options
    let next = Infinity
    for (const flight of this.#first ? [this.#first, ...this.#others] : this.#others)
      next = Math.min(next, flight.check(Math.min(grace, flight.margin / 2)))
    if (next < this.#armedFor) this.#arm(next)
  }
}
