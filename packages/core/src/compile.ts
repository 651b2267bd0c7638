import type { StandardSchemaV1 } from '@standard-schema/spec'
import { answering } from './answering.ts'
import type { Handler } from './chain.ts'
import { compose } from './compose.ts'
import type { Context } from './context.ts'
import { Deadline } from './deadline.ts'
import { type Environment, environment, type Given } from './environment.ts'
import { isError, OutputError, toError } from './errors.ts'
import { Flight } from './flight.ts'
import { innermost } from './innermost.ts'
import { contextClass } from './invocation.ts'
import { checkOptions } from './options.ts'
import { parse } from './parse.ts'
import type { Plan } from './plan.ts'
import { isThenable } from './thenable.ts'

type Fn = (ctx: never) => unknown
export type Invoke = (event: unknown, context: Context) => Promise<unknown>
/** Runs a function on a context, when its resources are there. Never throws. */
export type Begin = (ctx: object, flight: Flight) => Promise<unknown>

/** Finishes a chain: what Lambda calls. */
export const compile = (plan: Plan, fn: Fn, given?: Given): Handler<never, unknown> => {
  if (typeof fn !== 'function')
    throw new TypeError(`a function ends with a function, not ${typeof fn}: .handle((ctx) => …)`)
  const env = environment(plan.resources, given)
  return Object.assign(bind(plan, fn, env), {
    ready: env.ready,
    dispose: env.dispose,
    with: (values: object, options: { readonly init?: boolean } = {}) => {
      checkOptions('.with()', options, { init: 'boolean' })
      return compile(plan, fn, { values: { ...values }, init: options.init ?? false })
    },
  })
}

/** A function bound to an environment. */
const bind = (plan: Plan, fn: Fn, env: Environment): Invoke => {
  const { source, steps, output, options } = plan
  const Invocation = contextClass()
  env.onto(Invocation.prototype)
  const deadline = new Deadline(options)
  const run = compose(steps, innermost(output ? (ctx) => checked(output, fn(ctx)) : fn))
  const begin: Begin = (ctx, flight) => {
    try {
      const wait = env.prepare(flight)
      if (!wait) return run(ctx, flight)
      return wait.then(() => {
        flight.insist()
        return run(ctx, flight)
      })
    } catch (error) {
      return Promise.reject(error)
    }
  }
  if (source) return answering(source, Invocation, deadline, begin)

  return (event, context) => {
    const flight = new Flight(deadline, context)
    const failed = (thrown: unknown) => {
      flight.leave()
      const error = toError(thrown)
      flight.unwound(error)
      flight.rethrown(error)
      const wait = flight.end(undefined, error)
      if (!wait) throw error
      return wait.then(() => {
        throw error
      })
    }
    const done = (value: unknown) => {
      flight.leave()
      flight.unwound()
      const wait = flight.end(value)
      return wait ? wait.then(() => value) : value
    }
    return begin(new Invocation(event, context, flight), flight).then((value) => {
      const forgotten = flight.forgotten(value)
      if (!forgotten) return done(value)
      return isThenable(forgotten)
        ? forgotten.then((error) => (error ? failed(error) : done(value)))
        : failed(forgotten)
    }, failed)
  }
}

const checked = async (schema: StandardSchemaV1, value: unknown) => {
  try {
    return await parse(schema, isThenable(value) ? await value : value)
  } catch (error) {
    throw isError(error, 'InputError') ? new OutputError(error.issues) : error
  }
}
