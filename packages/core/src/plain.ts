import type { Handler } from './chain.ts'
import { compile, type Fn, type Invoker } from './compile.ts'
import { toError } from './errors.ts'
import { Flight } from './flight.ts'
import type { Plan } from './plan.ts'
import { margin, outOfTime } from './remaining.ts'
import { inLambda } from './shutdown.ts'
import { isThenable } from './thenable.ts'
import { longest } from './within.ts'

/** Finishes a chain without a source: its result and its errors are Lambda's to see, and nobody can answer early. */
export const finishPlain = (plan: Plan, fn: Fn): Handler<never, unknown> => compile(invoker, plan, fn)

const invoker: Invoker = (_, Invocation, begin) => (event, context) => {
  const flight = new PlainFlight(context)
  let running: Promise<unknown>
  try {
    running = begin(new Invocation(event, context, flight), flight)
  } catch (error) {
    running = Promise.reject(error)
  }
  return running.then(
    (value) => {
      const forgotten = flight.forgotten(value)
      if (isThenable(forgotten)) return forgotten.then((error) => ended(flight, value, error))
      return ended(flight, value, forgotten)
    },
    (thrown) => ended(flight, undefined, toError(thrown)),
  )
}

const ended = (flight: PlainFlight, value: unknown, error: Error | undefined): unknown => {
  flight.leave()
  flight.unwound(error)
  if (error) flight.rethrown(error)
  const wait = flight.end(value, error)
  return wait ? wait.then(() => given(value, error)) : given(value, error)
}

const given = (value: unknown, error: Error | undefined) => {
  if (error) throw error
  return value
}

class PlainFlight extends Flight {
  #timer: NodeJS.Timeout | undefined = undefined

  protected override watch(controller: AbortController): void {
    const left = this.remaining()
    const kept = margin(left)
    const abort = () => controller.abort(outOfTime(kept))
    if (left <= 0) abort()
    else if (!this.left) this.#timer = setTimeout(abort, Math.min(left - kept, longest))
    if (!inLambda) this.#timer?.unref()
  }
  leave(): void {
    this.left = true
    if (this.#timer) clearTimeout(this.#timer)
  }
  override insist(): void {}
}
