import type { Context } from './context.ts'
import { type Deadline, remaining } from './deadline.ts'
import { type Deferred, type Ending, outcomeOf } from './ending.ts'
import { toError } from './errors.ts'
import type { Over } from './middleware.ts'
import { type Overs, runOvers } from './overs.ts'
import { type Reporter, toConsole } from './report.ts'
import { isThenable } from './thenable.ts'
import { settledWithin } from './within.ts'

const running = 0
const reached = 1
const expired = 2

/** An invocation in flight, kept apart from its context, whose shape changes with every key added. */
export class Flight implements Overs {
  readonly #deadline: Deadline
  readonly context: Context
  /** Answers without waiting any longer. Where there is none, nobody can answer early. */
  readonly #expire: ((error: Error) => void) | undefined
  /** A logger that took over what would go to the console. */
  report: Reporter | undefined = undefined
  /** What the handler gives. */
  output: Promise<unknown> | undefined = undefined
  /** ms of Lambda's time that this invocation may not use, and those kept for answering: the deadline's to set. */
  cut = 0
  margin = 0
  #state = running
  #ended = false
  #left = false
  #controller: AbortController | undefined = undefined
  #overs: Over[] | undefined = undefined
  #deferred: Deferred[] | undefined = undefined

  constructor(deadline: Deadline, context: Context, expire?: (error: Error) => void, limit: number = Infinity) {
    this.#deadline = deadline
    this.context = context
    this.#expire = expire
    if (expire) deadline.add(this, limit)
  }

  signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (!this.#expire && !this.#left) this.#deadline.add(this, Infinity)
      if (this.#leftMs() <= 0) this.#controller.abort(this.#deadline.error(this))
    }
    return this.#controller.signal
  }
  /** ms until the signal aborts. */
  #leftMs() {
    return remaining(this.context) - this.cut - this.margin
  }

  /** Nothing begins for an invocation that has been answered. */
  insist(): void {
    if (this.#state === expired) throw this.#deadline.error(this)
  }

  /** On the way into the handler: an invocation that has been answered gets no further. */
  reach(): void {
    this.insist()
    this.#state = reached
  }
  /** There are further middlewares between here and the handler. */
  unreach(): void {
    this.reach()
    this.#state = running
  }
  get expired(): boolean {
    return this.#state === expired
  }

  /**
   * A middleware that forgot what it must return, found where nothing came of the chain: undefined where all is well, or
   * a promise of it where that is for the handler's own result to say.
   */
  forgotten(value: unknown): Error | Promise<Error | undefined> | undefined {
    if (this.#state === reached) {
      if (value !== undefined) return undefined
      return this.output?.then(
        (output) =>
          output === undefined
            ? undefined
            : new TypeError('a middleware dropped what next() gave it: it must `return next()`'),
        // It was thrown, and a middleware chose to catch it.
        () => undefined,
      )
    }
    if (typeof value === 'function')
      return new TypeError('a middleware returned a function: call it, .use(name()) rather than .use(name)')
    return value === undefined
      ? new TypeError('a middleware returned neither next() nor a reply: it must `return next()`')
      : undefined
  }

  /** What was thrown, as an Error; what gave up because the signal told it to is the deadline's. */
  reason(thrown: unknown): Error {
    const error = toError(thrown)
    const { signal } = this.#controller ?? {}
    return signal?.aborted && error.name === 'AbortError' ? (signal.reason as Error) : error
  }

  /** Out of the deadline's hands. False when it has answered already. */
  leave(): boolean {
    this.#left = true
    this.#deadline.delete(this)
    return this.#state !== expired
  }

  /** Aborts what is out of time, and a grace later answers it; returns the ms until it must be looked at again. */
  check(grace: number): number {
    const left = this.#leftMs()
    if (left > 0) return left
    const error = this.#deadline.error(this)
    this.#controller?.abort(error)
    if (this.#expire && left + grace > 0) return left + grace
    this.leave()
    if (this.#expire) {
      this.#state = expired
      this.unwound(error)
      this.#expire(error)
    }
    return Infinity
  }

  over(over: Over): void {
    if (this.#overs) this.#overs.push(over)
    else this.#overs = [over]
  }
  /** The chain has come to its end. */
  unwound(error?: unknown): void {
    if (this.#overs) runOvers(this.#overs, error, (thrown) => this.warn('an `over` given to next() failed', thrown))
  }

  defer(fn: Deferred): void {
    if (typeof fn !== 'function') throw new TypeError(`ctx.defer() takes a function, not ${typeof fn}`)
    if (this.#ended) throw new Error('ctx.defer() after the invocation has ended: what it is given would never run')
    if (this.#deferred) this.#deferred.push(fn)
    else this.#deferred = [fn]
  }

  /** Runs what was deferred. A promise only where something must be waited for. */
  end(result: unknown, error?: Error, summary?: () => Ending['summary']): Promise<void> | undefined {
    const deferred = this.#deferred
    const waits: Promise<unknown>[] = []
    if (deferred) {
      const failed = (thrown: unknown) => this.warn('a deferred function failed', thrown)
      const ending: Ending = { outcome: outcomeOf(error), result, error, summary: this.#summed(summary) }
      for (let fn = deferred.pop(); fn; fn = deferred.pop())
        try {
          const done = fn(ending)
          if (isThenable(done)) waits.push(Promise.resolve(done).catch(failed))
        } catch (thrown) {
          failed(thrown)
        }
    }
    this.#ended = true
    return waits.length > 0 ? this.#whileThereIsTime(Promise.all(waits)) : undefined
  }
  #summed(summary: (() => Ending['summary']) | undefined): Ending['summary'] {
    try {
      return summary?.() ?? {}
    } catch (thrown) {
      this.warn('the source cannot say what it answered', thrown)
      return {}
    }
  }
  async #whileThereIsTime(work: Promise<unknown>) {
    if (!(await settledWithin(work, remaining(this.context) - this.cut - lastMoment)))
      this.warn('deferred functions are still running: the answer waits for them no longer')
  }

  /** An error that the client was answered: unless it was the client's own, nobody else will say what it was. */
  answered(error: Error): void {
    const outcome = outcomeOf(error)
    if (outcome !== 'refused') this.failed(`the invocation ${outcome === 'timeout' ? 'timed out' : 'failed'}`, error)
  }
  failed(message: string, error: Error): void {
    this.#say('error', message, error)
  }
  /** An error that Lambda is to see, and logs itself: only a logger that took over is told. */
  rethrown(error: Error): void {
    if (this.report) this.failed('the invocation failed', error)
  }
  /** What comes after the deadline's answer reaches nobody but the log. */
  late(error?: unknown): void {
    this.warn(
      `ended after its deadline was answered: its ${error === undefined ? 'result' : 'error'} is dropped`,
      error,
    )
  }
  warn(message: string, error?: unknown): void {
    this.#say('warn', message, error)
  }
  #say(...line: Parameters<Reporter>) {
    try {
      if (this.report) return this.report(...line)
    } catch {
      // A logger that fails must not take the answer with it.
    }
    toConsole(this.context)(...line)
  }
}
/** ms before Lambda's timeout at which an answer must be on its way. */
const lastMoment = 50
