import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type Answered, finish } from './answering.ts'
import { build } from './builder.ts'
import type { Chain, Handler, Lambda } from './chain.ts'
import { add, compose } from './compose.ts'
import { isError, toError } from './errors.ts'
import type { Flight } from './flight.ts'
import { flightOf, type InFlight, type Invocation } from './invocation.ts'
import type { Next, Outcome } from './middleware.ts'
import { checkOptions } from './options.ts'
import { checkSchema, parse } from './parse.ts'
import { perRecord, perRecords } from './per-record.ts'
import type { AnyMiddleware, Plan } from './plan.ts'
import type { Source, Wire } from './source.ts'
import { Unwinding } from './unwinding.ts'

/** The wire of a source that gives records. */
export interface Batch<Event, Result, Item extends object> extends Wire {
  readonly event: Event
  readonly output: undefined
  readonly early: never
  readonly result: Result
  /** What each record's context holds. */
  readonly item: Item
  readonly verbs: BatchVerbs
}

export interface EachOptions {
  /** How many records are under way at once; 1 by default. */
  readonly concurrency?: number
}

type Around<Ctx, Adds extends object> = (ctx: Ctx, next: Next) => Promise<Outcome<Adds>>

export interface BatchVerbs {
  /** What each record carries must fit; `ctx.input` is what the schema makes of it. A record that does not fit fails alone. */
  input<E, R, Item extends object, Shared extends object, Ctx extends object, S extends StandardSchemaV1>(
    this: Chain<Batch<E, R, Item>, Shared, Ctx>,
    schema: S,
  ): Lambda<Batch<E, R, Item & { readonly input: StandardSchemaV1.InferOutput<S> }>, Shared, Ctx>
  /** Runs once for each record, with a context of its own that inherits the batch's. What fails is reported alone. */
  each<E, R, Item extends object, Shared extends object, Ctx extends object>(
    this: Chain<Batch<E, R, Item>, Shared, Ctx>,
    fn: (ctx: Ctx & Item) => unknown,
    options?: EachOptions,
  ): Handler<E, R, Shared>
  /** The same with a middleware round each record. */
  each<E, R, Item extends object, Shared extends object, Ctx extends object, A extends object>(
    this: Chain<Batch<E, R, Item>, Shared, Ctx>,
    around: Around<Ctx & Item, A>,
    fn: (ctx: Ctx & Item & A) => unknown,
    options?: EachOptions,
  ): Handler<E, R, Shared>
  /** The same with two; more go into one. */
  each<E, R, Item extends object, Shared extends object, Ctx extends object, A extends object, B extends object>(
    this: Chain<Batch<E, R, Item>, Shared, Ctx>,
    outer: Around<Ctx & Item, A>,
    inner: Around<Ctx & Item & A, B>,
    fn: (ctx: Ctx & Item & A & B) => unknown,
    options?: EachOptions,
  ): Handler<E, R, Shared>
  each<M>(unmet: M & Misused, ...rest: unknown[]): never
}
/** Never satisfied, as the last overload: it is what the compiler says. */
type Misused = '⛔ .each() takes middlewares that return next(), then a function, then { concurrency }'

/** What a batch source knows of its records. */
export interface BatchSpec<Event, Record, Result, Item extends object> {
  readonly name: string
  is?(event: unknown): boolean
  /** Throws on an event that is not its own. */
  records(event: Event): readonly Record[]
  /** Names a record in the log. */
  id(record: Record): string
  /** What a record adds to its context. What it throws fails that record. */
  open(record: Record): Item
  /** What `.input()` checks. */
  payload(item: Item): unknown
  /** What tells the service which records to bring again. */
  answer(failed: readonly Record[], event: Event): Result
}

/** A source of records: its verb is `each`. What failed, and what the deadline left undone, is handed back alone. */
export const batch = <Event, Record, Result, Item extends object>(
  spec: BatchSpec<Event, Record, Result, Item>,
): Source<Batch<Event, Result, Item>> => {
  const undone = (ctx: Opened<Event, Record>) => spec.answer([...ctx[unfinished]], ctx.event)
  return {
    name: spec.name,
    ...(spec.is && { is: spec.is }),
    open: (event, ctx) => {
      Object.defineProperty(ctx, unfinished, { value: new Set(spec.records(event)) })
      return {}
    },
    answer: (_, ctx) => undone(ctx),
    fail: (error, ctx: Opened<Event, Record>) => {
      if (!isError(error, 'DeadlineError') || !ctx[unfinished]) throw error
      return undone(ctx)
    },
    describe: (ctx: Opened<Event, Record>) => ({
      records: spec.records(ctx.event).length,
      failed: ctx[unfinished].size,
    }),
    verbs: {
      input: (plan: Plan, schema: StandardSchemaV1) => {
        checkSchema('.input()', schema)
        return build({ ...plan, item: schema })
      },
      each: (plan: Plan, ...args: unknown[]) => each(spec as never, plan, args),
    },
  }
}

/** The records that are not done yet, on a batch's context. */
const unfinished = Symbol('unfinished')
type Opened<Event, Record> = Invocation<Event> & InFlight & { readonly [unfinished]: Set<Record> }

const each = (spec: BatchSpec<unknown, object, unknown, object>, plan: Plan, args: unknown[]): unknown => {
  const options = (typeof args.at(-1) === 'object' ? args.pop() : {}) as EachOptions
  checkOptions('.each()', options, { concurrency: 'number' })
  const fn = args.pop() as (ctx: object) => unknown
  if (typeof fn !== 'function') throw new TypeError('.each() takes a function, and before it its middlewares')
  return finish(plan, async (ctx: Opened<unknown, object>) => {
    const flight = ctx[flightOf] as Answered
    const { signal } = ctx
    const queue = [...ctx[unfinished]]
    const owned = perRecords(ctx)
    const open = new Set<Item>()
    const run = compose<Item>(args as AnyMiddleware[], async (ctx, item) => {
      // A record that was handed back is somebody else's by now.
      flight.insist()
      item.reached = true
      return fn(ctx)
    })
    flight.over((error) => {
      for (const item of open) item.unwound(error)
    })
    const one = async (record: object) => {
      const item = new Item(flight)
      let error: unknown
      open.add(item)
      try {
        const adds = spec.open(record)
        const input = plan.item && { input: await parse(plan.item, spec.payload(adds)) }
        const own: Record<string, unknown> = add(add(Object.create(ctx), adds), input ?? {})
        for (const [key, of] of owned) own[key] = of[perRecord](spec.id(record))
        await run(own, item)
        if (!item.reached) throw new TypeError('a middleware of .each() did not call next(): it must `return next()`')
        ctx[unfinished].delete(record)
      } catch (thrown) {
        error = toError(thrown)
        if (!flight.expired) {
          const id = spec.id(record)
          flight.say('error', `the record ${id} failed`, error, { record_id: id })
        }
      }
      open.delete(item)
      item.unwound(error)
    }
    const work = async () => {
      while (!signal.aborted) {
        const record = queue.shift()
        if (!record) return
        await one(record)
      }
    }
    const workers = Math.min(queue.length, Math.max(1, Math.floor(options.concurrency ?? 1)))
    await Promise.all(Array.from({ length: workers }, work))
  })
}

/** A record under way. */
class Item extends Unwinding {
  readonly #flight: Flight
  reached = false
  constructor(flight: Flight) {
    super()
    this.#flight = flight
  }
  override failed(what: string): (thrown: unknown) => void {
    return this.#flight.failed(what)
  }
}
