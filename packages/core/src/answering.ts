import type { Handler } from './chain.ts'
import { type Begin, compile, type Fn, type Invoker } from './compile.ts'
import { add } from './compose.ts'
import type { Context } from './context.ts'
import { Deadline, type Timed } from './deadline.ts'
import { type Deferred, outcomeOf } from './ending.ts'
import { toError } from './errors.ts'
import { kill } from './expired.ts'
import { Flight } from './flight.ts'
import type { ContextClass, Invocation } from './invocation.ts'
import type { Over } from './middleware.ts'
import { checkOptions } from './options.ts'
import type { Plan } from './plan.ts'
import { outOfTime } from './remaining.ts'
import type { AnySource, Collected } from './source.ts'
import { isThenable } from './thenable.ts'

/** Finishes a chain with a source, which answers each invocation exactly once: its result, its error, or that its time is up. */
export const finish = (collected: Collected, fn: Fn): Handler<never, unknown> => {
  const plan = collected as Plan
  checkOptions('lambda()', plan.options, { deadline: 'number', grace: 'number' })
  return compile(invoker, plan, fn)
}

const invoker: Invoker = (plan, Invocation, begin) => {
  const source = plan.source as AnySource
  const deadline = new Deadline(plan.options)
  return (event, context) =>
    new Promise((resolve, reject) => {
      new Answered(source, deadline, context, resolve, reject).start(Invocation, event, begin)
    })
}

export class Answered extends Flight implements Timed {
  cut = 0
  margin = 0
  readonly #source: AnySource
  readonly #deadline: Deadline
  readonly #resolve: (result: unknown) => void
  readonly #reject: (error: Error) => void
  #ctx: Invocation | undefined = undefined
  #wake: ((left: number) => void) | undefined = undefined
  /** Whether the deadline has answered. */
  expired = false

  constructor(
    source: AnySource,
    deadline: Deadline,
    context: Context,
    resolve: (result: unknown) => void,
    reject: (error: Error) => void,
  ) {
    super(context)
    this.#source = source
    this.#deadline = deadline
    this.#resolve = resolve
    this.#reject = reject
  }

  start(Invocation: ContextClass, event: unknown, begin: Begin): void {
    const ctx = (this.#ctx = new Invocation(event, this.context, this))
    let running: Promise<unknown>
    try {
      add(ctx, this.#source.open(event, ctx))
      if (this.#deadline.add(this, this.#source.limit?.(ctx as never) ?? Infinity)) this.#sleep()
      running = begin(ctx, this)
    } catch (error) {
      this.#fail(error)
      return
    }
    running.then(
      (value) => {
        if (this.expired) return this.#late('result')
        const forgotten = this.forgotten(value)
        if (!forgotten) this.#answer(value)
        else if (isThenable(forgotten)) forgotten.then((error) => (error ? this.#fail(error) : this.#answer(value)))
        else this.#fail(forgotten)
      },
      (thrown) => this.#fail(thrown),
    )
  }

  protected override watch(controller: AbortController): void {
    this.#sleep()
    if (this.#beforeAbort() <= 0) controller.abort(this.#outOfTime())
  }
  override over(over: Over): void {
    this.#sleep()
    super.over(over)
  }
  override defer(fn: Deferred): void {
    this.#sleep()
    super.defer(fn)
  }
  /** Out of the deadline's hands. False when it has answered already. */
  leave(): boolean {
    this.left = true
    this.#deadline.delete(this)
    return !this.expired
  }
  override insist(): void {
    if (this.expired) throw this.#outOfTime()
  }
  protected override remaining(): number {
    return super.remaining() - this.cut
  }
  #beforeAbort() {
    return this.remaining() - this.margin
  }
  #outOfTime() {
    return outOfTime(this.margin, this.cut > 0 ? 'nobody waits for the answer any longer' : undefined)
  }
  check(grace: number): number {
    const left = this.#beforeAbort()
    if (left > 0) return left
    if (this.#wake) this.#wake(left + grace)
    else this.#woken(left + grace)
    return left + grace > 0 ? left + grace : Infinity
  }
  /**
   * One timer serves all invocations, and may have been armed by one that has long ended: what it tells another is to run
   * where that one runs, as its AsyncLocalStorages have it. A promise remembers, but takes half of the time of an empty
   * chain: one that is alone has it as soon as there is somebody to tell.
   */
  #sleep() {
    if (this.#wake) return
    new Promise<number>((wake) => {
      this.#wake = wake
    }).then((left) => {
      if (this.left) return
      this.#wake = undefined
      // Again, for the grace.
      this.#sleep()
      this.#woken(left)
    })
  }
  /** Aborts what is out of time, and a grace later answers it. */
  #woken(left: number) {
    const error = this.#outOfTime()
    this.controller?.abort(error)
    if (left > 0) return
    this.leave()
    this.expired = true
    this.unwound(error)
    this.#refuse(error)
  }

  #answer(value: unknown) {
    this.unwound()
    try {
      const answer = this.#source.answer(value, this.#ctx as never)
      if (isThenable(answer))
        answer.then(
          (result) => this.#succeed(result),
          (thrown) => this.#fail(thrown),
        )
      else this.#succeed(answer)
    } catch (error) {
      this.#fail(error)
    }
  }
  #succeed(result: unknown) {
    if (this.leave()) this.#end(result)
    else this.#late('result')
  }
  #fail(thrown: unknown) {
    if (!this.leave()) return this.#late('error', thrown)
    const { signal } = this.controller ?? {}
    let error = toError(thrown)
    // What gave up because the signal told it to is the deadline's.
    if (signal?.aborted && error.name === 'AbortError') error = signal.reason
    this.unwound(error)
    this.#refuse(error)
  }
  /** What comes after the deadline's answer reaches nobody but the log. */
  #late(what: string, error?: unknown) {
    this.say('warn', `ended after its deadline was answered: its ${what} is dropped`, error)
  }

  /**
   * Answers an error, also the deadline's. Where the source throws it on, Lambda is to see it; what it throws instead,
   * since it cannot write that error down, it is asked to answer in turn.
   */
  #refuse(error: Error, instead = false): void {
    const thrown = (thrown: unknown) => {
      if (thrown !== error && !instead) return this.#refuse(toError(thrown), true)
      const last = toError(thrown)
      this.rethrown(last)
      this.#give(this.end(undefined, last), () => this.#reject(last))
    }
    try {
      const answer = this.#source.fail(error, this.#ctx as never)
      if (isThenable(answer)) answer.then((result) => this.#end(result, error), thrown)
      else this.#end(answer, error)
    } catch (error) {
      thrown(error)
    }
  }
  #end(result: unknown, error?: Error) {
    const outcome = outcomeOf(error)
    // Unless it was the client's own, nobody else will say what it was.
    if (outcome === 'error' || outcome === 'timeout')
      this.say('error', `the invocation ${outcome === 'timeout' ? 'timed out' : 'failed'}`, error)
    this.#give(
      this.end(result, error, () => this.#describe(result)),
      () => this.#resolve(result),
    )
  }
  #give(wait: Promise<void> | undefined, give: () => void): void {
    if (wait) wait.then(() => this.#give(undefined, give))
    else {
      if (this.expired) kill(this.#ctx as Invocation)
      give()
    }
  }
  #describe(result: unknown) {
    try {
      return this.#source.describe?.(this.#ctx as never, result) ?? {}
    } catch (thrown) {
      this.say('warn', 'the source cannot say what it answered', thrown)
      return {}
    }
  }
}
