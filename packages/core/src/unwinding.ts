import type { Over } from './middleware.ts'
import { isThenable } from './thenable.ts'

/** What a chain leaves to its end. */
export abstract class Unwinding {
  #overs: Over[] | undefined = undefined
  /** What the innermost `next` that has returned gave. */
  within: Promise<unknown> | undefined = undefined
  #begun: Promise<unknown>[] | undefined = undefined
  #hasFailed = false

  /** What was given to `next` to run at the end. */
  over(over: Over): void {
    if (this.#overs) this.#overs.push(over)
    else this.#overs = [over]
  }
  /** What `next` gave a middleware that did not hand just that back. */
  began(within: Promise<unknown>): void {
    if (this.#hasFailed) within.catch(() => {})
    else if (this.#begun) this.#begun.push(within)
    else this.#begun = [within]
  }

  /** The chain has come to its end. */
  unwound(error?: unknown): void {
    if (this.#overs) runAll(this.#overs, error, this.failed('an `over` given to next()'))
    // In a chain that fails, a middleware may have dropped one of them: that must not end the process as well.
    if (!error) return
    this.#hasFailed = true
    for (const within of [this.within, ...(this.#begun ?? [])]) within?.catch(() => {})
  }
  /** Tells of what was thrown. */
  abstract failed(what: string): (thrown: unknown) => void
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
