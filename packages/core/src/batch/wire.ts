import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Chain, Handler, Lambda } from '../chain.ts'
import type { Next, Outcome } from '../middleware.ts'
import type { Wire } from '../source.ts'

/** The wire of a source that gives records. */
export interface Batch<Event, Result, Item extends object, Answer = unknown> extends Wire {
  readonly event: Event
  readonly output: undefined
  readonly early: never
  readonly result: Result
  /** What each record's context holds. */
  readonly item: Item
  /** What the function returns for a record. */
  readonly answer: Answer
  readonly verbs: BatchVerbs
}

export interface EachOptions<in Ctx extends object = never> {
  /**
   * How many records are under way at once; 1 by default. Of a queue or stream that keeps an order, how many groups or
   * partitions: their records never overlap.
   */
  readonly concurrency?: number
  /**
   * Takes a record that it is of no use to bring again: one that failed with a PermanentError, or does not fit its schema.
   * When this has succeeded the record counts as done; without it, or when it fails, the record is brought again.
   */
  readonly onPermanent?: (ctx: Ctx, error: Error) => unknown
}

type Around<Ctx, Adds extends object> = (ctx: Ctx, next: Next) => Promise<Outcome<Adds>>

export interface BatchVerbs {
  /** What each record carries must fit; `ctx.input` is what the schema makes of it. A record that does not fit fails alone. */
  input<E, R, Item extends object, Answer, Shared extends object, Ctx extends object, S extends StandardSchemaV1>(
    this: Chain<Batch<E, R, Item, Answer>, Shared, Ctx>,
    schema: S,
  ): Lambda<Batch<E, R, Item & { readonly input: StandardSchemaV1.InferOutput<S> }, Answer>, Shared, Ctx>
  /** Runs once for each record, with a context of its own that has what the batch's has. What fails is reported alone. */
  each<E, R, Item extends object, Answer, Shared extends object, Ctx extends object>(
    this: Chain<Batch<E, R, Item, Answer>, Shared, Ctx>,
    fn: (ctx: Ctx & Item) => Answer | Promise<Answer>,
    options?: EachOptions<Ctx & Partial<Item>>,
  ): Handler<E, R, Shared>
  /** The same with a middleware round each record. */
  each<E, R, Item extends object, Answer, Shared extends object, Ctx extends object, A extends object>(
    this: Chain<Batch<E, R, Item, Answer>, Shared, Ctx>,
    around: Around<Ctx & Item, A>,
    fn: (ctx: Ctx & Item & A) => Answer | Promise<Answer>,
    options?: EachOptions<Ctx & Partial<Item>>,
  ): Handler<E, R, Shared>
  /** The same with two; more go into one. */
  each<
    E,
    R,
    Item extends object,
    Answer,
    Shared extends object,
    Ctx extends object,
    A extends object,
    B extends object,
  >(
    this: Chain<Batch<E, R, Item, Answer>, Shared, Ctx>,
    outer: Around<Ctx & Item, A>,
    inner: Around<Ctx & Item & A, B>,
    fn: (ctx: Ctx & Item & A & B) => Answer | Promise<Answer>,
    options?: EachOptions<Ctx & Partial<Item>>,
  ): Handler<E, R, Shared>
  each<M>(unmet: M & Misused, ...rest: unknown[]): never
}
/** Never satisfied, as the last overload: it is what the compiler says. */
type Misused = '⛔ .each() takes middlewares that return next(), then a function, then { concurrency }'
