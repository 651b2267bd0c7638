import type { Context } from './context.ts'
import { type Deferred, type Ending, outcomeOf } from './ending.ts'
import { remaining } from './remaining.ts'
import { type Reporter, toConsole } from './report.ts'
import { runAll, Unwinding } from './unwinding.ts'
import { settledWithin } from './within.ts'

/** An invocation in flight, kept apart from its context, whose shape changes with every key added. */
export abstract class Flight extends Unwinding {
  readonly context: Context
  /** A logger that took over what would go to the console. */
  report: Reporter | undefined = undefined
  /** Whether it got as far as its handler, and what that gives. */
  reached = false
  output: Promise<unknown> | undefined = undefined
  /**
   * Of the resources that give this invocation its own: those, by instance, and what they deferred to come after all that
   * others defer, which may still use them. Not there before it is needed: most invocations pay nothing for it.
   */
  declare own?: { readonly views: Map<object, unknown>; readonly lastly: Deferred[] }
  protected controller: AbortController | undefined = undefined
  protected left = false
  #ended = false
  #deferred: Deferred[] | undefined = undefined

  constructor(context: Context) {
    super()
    this.context = context
  }

  signal(): AbortSignal {
    if (!this.controller) this.watch((this.controller = new AbortController()))
    return this.controller.signal
  }
  /** Has the signal aborted shortly before the time is up. */
  protected abstract watch(controller: AbortController): void
  /** Nothing begins for an invocation that has been answered. */
  abstract insist(): void
  /** ms that are left to answer in. */
  protected remaining(): number {
    return remaining(this.context)
  }

  /**
   * A middleware that forgot what it must return, found where nothing came of the chain: undefined where all is well, or
   * a promise of it where that is for the handler's own result to say.
   */
  forgotten(value: unknown): Error | undefined | Promise<Error | undefined> {
    if (this.reached && value === undefined)
      return this.output?.then(
        (output) => (output === undefined ? undefined : must('dropped what next() gave it')),
        // It was thrown, and a middleware chose to catch it.
        () => undefined,
      )
    if (this.reached) return undefined
    if (typeof value === 'function')
      return new TypeError('a middleware returned a function: call it, .use(name()) rather than .use(name)')
    return value === undefined ? must('returned neither next() nor a reply') : undefined
  }

  defer(fn: Deferred): void {
    if (typeof fn !== 'function') throw new TypeError(`ctx.defer() takes a function, not ${typeof fn}`)
    if (this.#ended) throw new Error('ctx.defer() after the invocation has ended: what it is given would never run')
    if (this.#deferred) this.#deferred.push(fn)
    else this.#deferred = [fn]
  }
  /** Runs what was deferred. A promise only where something must be waited for. */
  end(result: unknown, error: Error | undefined, summary?: () => Ending['summary']): Promise<void> | undefined {
    const lastly = this.own?.lastly
    const ending = (this.#deferred || lastly) && {
      outcome: outcomeOf(error),
      result,
      error,
      summary: summary?.() ?? {},
    }
    const wait = ending && this.#run(this.#deferred, ending)
    this.#ended = true
    return wait ? wait.then(() => this.#run(lastly, ending)) : ending && this.#run(lastly, ending)
  }
  #run(fns: Deferred[] | undefined, ending: Ending): Promise<void> | undefined {
    const waits = fns && runAll(fns, ending, this.failed('a deferred function'))
    return waits?.length ? this.#whileThereIsTime(Promise.all(waits)) : undefined
  }
  async #whileThereIsTime(work: Promise<unknown>) {
    if (!(await settledWithin(work, this.remaining() - lastMoment)))
      this.say('warn', 'deferred functions are still running: the answer waits for them no longer')
  }

  /** An error that Lambda is to see, and logs itself: only a logger that took over is told. */
  rethrown(error: Error): void {
    if (this.report) this.say('error', 'the invocation failed', error)
  }
  override failed(what: string): (thrown: unknown) => void {
    return (thrown) => this.say('warn', `${what} failed`, thrown)
  }
  say(...line: Parameters<Reporter>): void {
    try {
      ;(this.report ?? toConsole(this.context))(...line)
    } catch {
      // A logger that fails must not take the answer with it.
      toConsole(this.context)(...line)
    }
  }
}

const must = (did: string) => new TypeError(`a middleware ${did}: it must \`return next()\``)

/** ms before Lambda's timeout at which an answer must be on its way. */
const lastMoment = 50
