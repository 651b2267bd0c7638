import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Handler } from './chain.ts'
import { compose } from './compose.ts'
import type { Context } from './context.ts'
import type { Given } from './environment.ts'
import { OutputError } from './errors.ts'
import type { Flight } from './flight.ts'
import { innermost } from './innermost.ts'
import { type ContextClass, contextClass } from './invocation.ts'
import { parse } from './parse.ts'
import type { Plan } from './plan.ts'
import { isThenable } from './thenable.ts'

export type Fn = (ctx: never) => unknown
export type Invoke = (event: unknown, context: Context) => Promise<unknown>
/** Runs a function on a context, when its resources are there. Throws what is thrown at once. */
export type Begin = (ctx: object, flight: Flight) => Promise<unknown>
/** What makes invocations of it. */
export type Invoker = (plan: Plan, Invocation: ContextClass, begin: Begin) => Invoke

/** Finishes a chain: what Lambda calls. */
export const compile = (invoker: Invoker, plan: Plan, fn: Fn, given?: Given): Handler<never, unknown> => {
  if (typeof fn !== 'function')
    throw new TypeError(`a function ends with a function, not ${typeof fn}: .handle((ctx) => …)`)
  const { resources, steps, output } = plan
  const env = plan.environment?.(resources, given)
  const Invocation = contextClass()
  env?.onto(Invocation.prototype)
  const run = compose(steps, innermost(output ? (ctx) => checked(output, fn(ctx)) : fn))
  const begin: Begin = (ctx, flight) => {
    const wait = env?.prepare(flight)
    if (!wait) return run(ctx, flight)
    return wait.then(() => {
      flight.insist()
      return run(ctx, flight)
    })
  }
  return Object.assign(invoker(plan, Invocation, begin), {
    ready: env?.ready ?? nothing,
    dispose: env?.dispose ?? nothing,
    with: (values: object, options: Given['options'] = {}) =>
      compile(invoker, plan, fn, { values: { ...values }, options }),
  })
}

const nothing = async () => {}

const checked = (schema: StandardSchemaV1, value: unknown): unknown =>
  isThenable(value) ? value.then((value) => checked(schema, value)) : parse(schema, value, undefined, OutputError)
