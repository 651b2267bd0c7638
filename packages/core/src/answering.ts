import type { Begin, Invoke } from './compile.ts'
import { add } from './compose.ts'
import type { Deadline } from './deadline.ts'
import { toError } from './errors.ts'
import { kill } from './expired.ts'
import { Flight } from './flight.ts'
import type { ContextClass } from './invocation.ts'
import type { AnySource } from './source.ts'
import { isThenable } from './thenable.ts'

/** Invocations of a source, which answers each exactly once: its result, its error, or that its time is up. */
export const answering =
  (source: AnySource, Invocation: ContextClass, deadline: Deadline, begin: Begin): Invoke =>
  (event, context) =>
    new Promise((resolve, reject) => {
      const flight = new Flight(deadline, context, (error) => refuse(error), source.limit?.(event))
      const ctx = new Invocation(event, context, flight)
      try {
        add(ctx, source.open(event, ctx))
      } catch (error) {
        return fail(error)
      }
      begin(ctx, flight).then((value) => {
        if (flight.expired) return flight.late()
        const forgotten = flight.forgotten(value)
        if (!forgotten) answer(value)
        else if (isThenable(forgotten)) forgotten.then((error) => (error ? fail(error) : answer(value)))
        else fail(forgotten)
      }, fail)

      function answer(value: unknown) {
        flight.unwound()
        try {
          const answer = source.answer(value, ctx as never)
          if (isThenable(answer)) answer.then(succeed, fail)
          else succeed(answer)
        } catch (error) {
          fail(error)
        }
      }
      function succeed(result: unknown) {
        if (flight.leave()) end(result)
        else flight.late()
      }
      function fail(thrown: unknown) {
        if (!flight.leave()) return flight.late(thrown)
        const error = flight.reason(thrown)
        flight.unwound(error)
        refuse(error)
      }
      /**
       * Answers an error, also the deadline's. Where the source throws it on, Lambda is to see it; what it throws instead,
       * since it cannot write that error down, it is asked to answer in turn.
       */
      function refuse(error: Error, instead = false) {
        try {
          const answer = source.fail(error, ctx as never)
          if (isThenable(answer)) answer.then((result) => end(result, error), throwOn)
          else end(answer, error)
        } catch (thrown) {
          if (thrown === error || instead) throwOn(thrown)
          else refuse(toError(thrown), true)
        }
      }
      function end(result: unknown, error?: Error) {
        if (error) flight.answered(error)
        after(
          flight.end(result, error, () => source.describe?.(ctx as never, result) ?? {}),
          () => resolve(result),
        )
      }
      function throwOn(thrown: unknown) {
        const error = toError(thrown)
        flight.rethrown(error)
        after(flight.end(undefined, error), () => reject(error))
      }
      function after(wait: Promise<void> | undefined, give: () => void) {
        if (wait) wait.then(() => after(undefined, give))
        else {
          if (flight.expired) kill(ctx)
          give()
        }
      }
    })
