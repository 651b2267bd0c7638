import type { DroppedEvent, LambdaEvent } from './events.ts'
import { InvokeError } from './failures.ts'
import type { InvokeResult } from './invoke.ts'

/** What happens to an event that nobody waits for. */
export interface AsyncOptions {
  /** How often a function that failed is invoked again: 2 by default, which is also the most. */
  readonly retries?: number
  /** Seconds after which an event is given up: 21,600 (6 hours) by default, which is also the most. */
  readonly maxAge?: number
  /** Seconds before each retry: `[60, 120]` by default, as on Lambda. */
  readonly waits?: readonly number[]
}

const defaultAsync: Required<AsyncOptions> = { retries: 2, maxAge: 21_600, waits: [60, 120] }

/** Seconds that Lambda waits at first, and at most, while there is no room for an event. */
const [firstBackOff, longestBackOff] = [1, 300]

interface Queued {
  readonly requestId: string
  readonly since: number
  readonly run: () => Promise<InvokeResult>
  attempts: number
  throttles: number
}

/**
 * The events of a function that nobody waits for: each is tried again after an error of the function, and for as long
 * as there is no room for it, until it is too old.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncInvocations {
  readonly #name: string
  readonly #options: () => AsyncOptions
  readonly #emit: (event: LambdaEvent) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  #closed = false

  constructor(name: string, options: () => AsyncOptions, emit: (event: LambdaEvent) => void) {
    this.#name = name
    this.#options = options
    this.#emit = emit
  }

  /** @param run one attempt, always with this request id */
  add(requestId: string, run: () => Promise<InvokeResult>): void {
    void this.#attempt({ requestId, since: Date.now(), run, attempts: 0, throttles: 0 })
  }

  /** Drops an event of a function that may never run. */
  refuse(requestId: string): void {
    this.#drop({ requestId, attempts: 0 }, 'ZeroReservedConcurrency')
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  async #attempt(queued: Queued): Promise<void> {
    const { retries, waits } = { ...defaultAsync, ...this.#options() }
    try {
      const { functionError } = await queued.run()
      queued.attempts++
      if (this.#closed || functionError === undefined) return
      if (queued.attempts > retries) this.#drop(queued, 'RetriesExhausted')
      else this.#again(queued, waits[queued.attempts - 1] ?? waits.at(-1) ?? 0)
    } catch (error) {
      if (this.#closed) return
      if (!(error instanceof InvokeError)) throw error
      this.#again(queued, Math.min(firstBackOff * 2 ** queued.throttles++, longestBackOff))
    }
  }

  /** @param wait seconds */
  #again(queued: Queued, wait: number): void {
    const { maxAge } = { ...defaultAsync, ...this.#options() }
    if (Date.now() + wait * 1000 - queued.since > maxAge * 1000) {
      this.#drop(queued, 'EventAgeExceeded')
      return
    }
    const { requestId, attempts } = queued
    this.#emit({ type: 'retry', time: Date.now(), function: this.#name, requestId, attempts, wait: wait * 1000 })
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.#attempt(queued)
    }, wait * 1000)
    this.#timers.add(timer)
  }

  #drop({ requestId, attempts }: Pick<Queued, 'requestId' | 'attempts'>, reason: DroppedEvent['reason']): void {
    this.#emit({ type: 'dropped', time: Date.now(), function: this.#name, requestId, attempts, reason })
  }
}
