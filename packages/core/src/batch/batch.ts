import type { StandardSchemaV1 } from '@standard-schema/spec'
import { finish } from '../answering.ts'
import { build } from '../builder.ts'
import { BatchError } from '../errors.ts'
import type { Invocation } from '../invocation.ts'
import { isError } from '../is-error.ts'
import { checkOptions } from '../options.ts'
import { checkSchema } from '../parse.ts'
import type { AnyMiddleware, Plan } from '../plan.ts'
import type { Source } from '../source.ts'
import { type AnySpec, Each, type Opened, recordsOf } from './each.ts'
import { Records } from './records.ts'
import type { BatchSpec } from './spec.ts'
import type { Batch, EachOptions } from './wire.ts'

/**
 * A source of records: its verb is `each`. What failed, and what the deadline left undone, is handed back alone. Where
 * nothing went well the batch throws, so that Lambda brings it again whatever its event source mapping says.
 */
export const batch = <Event, Record, Result, Item extends object, Answer = unknown>(
  spec: BatchSpec<Event, Record, Result, Item>,
): Source<Batch<Event, Result, Item, Answer>> => {
  const answer = (ctx: Invocation<Event>) => spec.answer((ctx as unknown as Opened)[recordsOf] as never, ctx.event)
  return {
    name: spec.name,
    ...(spec.is && { is: spec.is }),
    open: (event, ctx) => {
      Object.defineProperty(ctx, recordsOf, { value: new Records(spec.records(event), spec.tellsEach === true) })
      return {}
    },
    answer: (_, ctx: Invocation<Event>) => {
      const records = (ctx as unknown as Opened)[recordsOf]
      if (!spec.tellsEach && records.done === 0 && records.all.length > 0)
        throw new BatchError(
          records.all.map((record) => spec.id(record as never)),
          records.errors,
        )
      return answer(ctx)
    },
    fail: (error, ctx: Invocation<Event>) => {
      const records = (ctx as unknown as Partial<Opened>)[recordsOf]
      if (!isError(error, 'DeadlineError') || !records || (records.done === 0 && !spec.tellsEach)) throw error
      return answer(ctx)
    },
    describe: (ctx: Opened) => {
      const { all, done } = ctx[recordsOf]
      return { records: all.length, failed: all.length - done, ...spec.describe?.(all as never) }
    },
    verbs: {
      input: (plan: Plan, schema: StandardSchemaV1) => {
        checkSchema('.input()', schema)
        return build({ ...plan, item: schema })
      },
      each: (plan: Plan, ...args: unknown[]) => each(spec as never, plan, args),
    },
  }
}

const each = (spec: AnySpec, plan: Plan, args: unknown[]): unknown => {
  const options = (typeof args.at(-1) === 'object' ? args.pop() : {}) as EachOptions
  checkOptions('.each()', options, { concurrency: 'number', onPermanent: 'function' })
  const fn = args.pop() as (ctx: object) => unknown
  if (typeof fn !== 'function') throw new TypeError('.each() takes a function, and before it its middlewares')
  const run = new Each(spec, plan.item, args as AnyMiddleware[], fn, options)
  return finish(plan, (ctx: Opened) => run.batch(ctx))
}
