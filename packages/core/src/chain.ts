import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Context } from './context.ts'
import type { Apart, Clashes, Explain } from './explain.ts'
import type { Invocation } from './invocation.ts'
import type { Next, Outcome } from './middleware.ts'
import type { Resource } from './resource.ts'
import type { Wire } from './source.ts'

declare const wire: unique symbol
declare const loose: unique symbol

/** A finished function, to be exported as Lambda's handler. */
export interface Handler<Event, Result, Shared extends object = {}> {
  (event: Event, context: Context): Promise<Result>
  /**
   * Waits for the INIT that began when the module was loaded, for 9 s at most. Await it at the end of the module: under
   * provisioned concurrency, work that was begun and not awaited is frozen in the middle. It never rejects, since that
   * would end the environment: what failed is reported by the first invocation, which tries again. Off Lambda, INIT
   * begins with the first invocation, and there is nothing to wait for.
   */
  ready(): Promise<void>
  /**
   * The same function with these resources, for tests. The others do not start, and say so when they are read; with
   * `init: true` they start as usual, of this function's own.
   */
  with(resources: Partial<Shared>, options?: { readonly init?: boolean }): Handler<Event, Result, Shared>
  /** Lets go of the resources, last first. The next invocation makes them anew. */
  dispose(): Promise<void>
}

/** A chain that is being written: `.use()`, and the verbs of its source. */
export type Lambda<W extends Wire, Shared extends object, Ctx extends object> = Chain<W, Shared, Ctx> & W['verbs']

export interface Chain<out W extends Wire, in out Shared extends object, in out Ctx extends object> {
  /** A resource, made once per environment, or a middleware round every invocation. */
  use<Key extends string = never, Value = unknown, Adds extends object = {}>(
    it: Resource<Shared, Key, Value> | ((ctx: Ctx, next: Next) => Promise<Outcome<Adds> | W['early']>),
    ...clash: Clashes<Key, Adds, Ctx>
  ): Lambda<W, Plus<Shared, Key, Value>, Plus<Ctx, Key, Value> & Adds>
  /** A stack: what several functions share. */
  use<S extends object, C extends object>(
    stack: Chain<Loose<Ctx, Shared>, S, C>,
    ...clash: [Apart<C, Ctx>] extends [never] ? [] : [never]
  ): Lambda<W, Shared & S, Ctx & C>
  use<M>(unmet: M & Explain<M, Shared, Ctx>): this
  readonly [wire]: W
}

type Plus<T extends object, Key extends string, Value> = [Key] extends [never] ? T : T & { readonly [K in Key]: Value }

/** A stack's wire: it needs what it says, and has no verbs. */
export interface Loose<in Needs extends object, in Resources extends object> extends Wire {
  readonly [loose]: (needs: Needs, resources: Resources) => void
  readonly early: never
  readonly verbs: {}
}

/** What several functions share: see {@link stack}. */
export type Stack<Needs extends object, Resources extends object, Shared extends object, Ctx extends object> = Lambda<
  Loose<Needs, Resources>,
  Shared,
  Ctx
>

/** The verbs of every source that answers a whole event. */
export interface Handle {
  /** The function itself: finishes the chain. */
  handle<W extends Wire, Shared extends object, Ctx extends object, O extends W['output']>(
    this: Chain<W, Shared, Ctx>,
    fn: (ctx: Ctx) => O | Promise<O>,
  ): Handler<W['event'], [W['result']] extends [never] ? O : W['result'], Shared>
  /** What the function returns must fit, and is sent as the schema makes it. A result that does not fit is an error of the function. */
  output<W extends Wire, Shared extends object, Ctx extends object, S extends StandardSchemaV1>(
    this: Chain<W, Shared, Ctx>,
    schema: S,
  ): Lambda<W & { readonly output: StandardSchemaV1.InferInput<S> }, Shared, Ctx>
}

export interface One extends Handle {
  /** What the event carries must fit; `ctx.input` is what the schema makes of it. */
  input<W extends Wire, Shared extends object, Ctx extends object, S extends StandardSchemaV1>(
    this: Chain<W, Shared, Ctx>,
    schema: S,
  ): Lambda<W, Shared, Ctx & { readonly input: StandardSchemaV1.InferOutput<S> }>
}

/** No source: the event as it comes, the result as it is. */
export interface Plain<Event = unknown, Result = never> extends Wire {
  readonly event: Event
  readonly output: [Result] extends [never] ? unknown : Result
  readonly early: Result
  readonly result: Result
  readonly verbs: PlainVerbs
}

export interface PlainVerbs extends Handle {
  /** The event must fit, and is typed by the schema; `ctx.input` is what the schema makes of it. */
  input<E, Result, Shared extends object, Ctx extends object, S extends StandardSchemaV1>(
    this: Chain<Plain<E, Result>, Shared, Ctx>,
    schema: S,
  ): Lambda<
    Plain<StandardSchemaV1.InferInput<S>, Result>,
    Shared,
    Ctx & { readonly input: StandardSchemaV1.InferOutput<S> }
  >
}

/** A chain's first context. */
export type Start<Event, Adds extends object = {}> = Invocation<Event> & Adds
