import { OptionsError } from './check.ts'
import { InvokeError } from './failures.ts'

/** Invocations at once, all functions together: Lambda's default is 1,000, of which each is a process here. */
export const defaultConcurrency = 100

/**
 * How many invocations may be under way at once. A function with reserved concurrency has that many for itself, the
 * others share what is left.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class Concurrency {
  readonly #reserved: ReadonlyMap<string, number>
  readonly #unreserved: number
  /** Invocations under way of functions with a reservation, by name. */
  readonly #running = new Map<string, number>()
  #shared = 0

  /** @throws {OptionsError} when more is reserved than there is */
  constructor(limit: number, reserved: ReadonlyMap<string, number>) {
    const sum = [...reserved.values()].reduce((all, each) => all + each, 0)
    if (sum > limit)
      throw new OptionsError(
        `functions reserve a concurrency of ${sum} together, and there are ${limit}: reserve less, or raise \`concurrency\``,
      )
    this.#reserved = reserved
    this.#unreserved = limit - sum
  }

  /**
   * Takes a place for an invocation.
   *
   * @returns gives the place back
   * @throws {InvokeError} `TooManyRequestsException` when there is none
   */
  enter(name: string): () => void {
    const own = this.#reserved.get(name)
    if (own === undefined) {
      if (this.#shared >= this.#unreserved) throw throttled('ConcurrentInvocationLimitExceeded')
      this.#shared++
      return () => {
        this.#shared--
      }
    }
    const running = this.#running.get(name) ?? 0
    if (running >= own) throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded')
    this.#running.set(name, running + 1)
    return () => {
      this.#running.set(name, this.#running.get(name)! - 1)
    }
  }
}

const throttled = (reason: string) => new InvokeError('TooManyRequestsException', 429, 'Rate Exceeded.', reason)
