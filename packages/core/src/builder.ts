import { compile } from './compile.ts'
import { reserved } from './invocation.ts'
import { checkSchema, parse } from './parse.ts'
import type { AnyMiddleware, AnyResource, Plan } from './plan.ts'
import type { Verbs } from './source.ts'
import { isThenable } from './thenable.ts'

/** Where a chain keeps its plan. A registered symbol: a stack may be another copy's of this package. */
const planOf = Symbol.for('fnware.plan')

type Step = AnyMiddleware | AnyResource | { readonly [planOf]: Plan }

/** A chain: `use`, and the verbs of its source, each of which knows the plan so far. */
export const build = (plan: Plan): object => {
  const verbs = Object.entries(plan.loose ? {} : (plan.source?.verbs ?? plainVerbs))
  return {
    [planOf]: plan,
    use: (it: Step) => build(using(plan, it)),
    ...Object.fromEntries(verbs.map(([name, verb]) => [name, (...args: never[]) => verb(plan, ...args)])),
  }
}

const using = (plan: Plan, it: Step): Plan => {
  if (typeof it === 'function') return { ...plan, steps: [...plan.steps, it] }
  if (typeof it === 'object' && it && planOf in it) {
    const { resources, steps } = it[planOf]
    return { ...resources.reduce(withResource, plan), steps: [...plan.steps, ...steps] }
  }
  if (typeof it?.init === 'function') return withResource(plan, it)
  throw new TypeError(`.use() takes a middleware, a resource or a stack, not ${it === null ? 'null' : typeof it}`)
}

const withResource = (plan: Plan, it: AnyResource): Plan => {
  if (plan.resources.includes(it)) return plan
  const keys = plan.resources.map(({ key }) => key)
  if (keys.includes(it.key) || reserved.includes(it.key))
    throw new TypeError(`\`${it.key}\` is already on the context: give this resource another key`)
  const missing = !plan.loose && it.needs.find((need) => !keys.includes(need))
  if (missing)
    throw new TypeError(
      `the resource \`${it.key}\` needs \`${missing}\`: .use() what provides it, earlier in the chain`,
    )
  return { ...plan, resources: [...plan.resources, it] }
}

/** The verbs of a chain without a source, and of sources that answer a whole event. */
export const plainVerbs = {
  handle: compile,
  input: (plan, schema) => {
    checkSchema('.input()', schema)
    const payload = plan.source?.payload
    return build({
      ...plan,
      steps: [
        ...plan.steps,
        (ctx: { event: unknown }, next: (adds: object) => Promise<never>) => {
          const input = payload ? parse(schema, ...payload(ctx as never)) : parse(schema, ctx.event)
          return isThenable(input) ? input.then((input) => next({ input })) : next({ input })
        },
      ] as never,
    })
  },
  output: (plan, schema) => {
    checkSchema('.output()', schema)
    return build({ ...plan, output: schema })
  },
} satisfies Verbs as Verbs & { readonly handle: typeof compile }
