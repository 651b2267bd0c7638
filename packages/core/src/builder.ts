import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type Joins, joins } from './joins.ts'
import { checkSchema, parse } from './parse.ts'
import type { AnyMiddleware, Plan } from './plan.ts'
import { isThenable } from './thenable.ts'

type Step = AnyMiddleware | Joins

/** A chain: `use`, and the verbs of its source, each of which knows the plan so far. */
export const build = (plan: Plan): object => {
  const chain: Record<PropertyKey, unknown> = {
    [joins]: (before: Plan) => [...(plan.resources as never[]), ...plan.steps].reduce(joined, before),
    use: (it: Step) => build(joined(plan, it)),
  }
  for (const [name, verb] of Object.entries(plan.verbs)) chain[name] = (...args: never[]) => verb(plan, ...args)
  return chain
}

const joined = (plan: Plan, it: Step): Plan => {
  if (typeof it === 'function') return { ...plan, steps: [...plan.steps, it] }
  if (it?.[joins]) return it[joins](plan)
  throw new TypeError(`.use() takes a middleware, a resource or a stack, not ${it === null ? 'null' : typeof it}`)
}

export const input = (plan: Plan, schema: StandardSchemaV1): object => {
  checkSchema('.input()', schema)
  const payload = plan.source?.payload
  const step = (ctx: { readonly event: unknown }, next: (adds: object) => Promise<never>) => {
    const input = payload ? parse(schema, ...payload(ctx as never)) : parse(schema, ctx.event)
    return isThenable(input) ? input.then((input) => next({ input })) : next({ input })
  }
  return build(joined(plan, step as never))
}

export const output = (plan: Plan, schema: StandardSchemaV1): object => {
  checkSchema('.output()', schema)
  return build({ ...plan, output: schema })
}
