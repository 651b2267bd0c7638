import type { Invocation } from './invocation.ts'

declare const opaque: unique symbol

/** What a source fixes in the types. One named interface for each source keeps hovers and declarations short. */
export interface Wire {
  readonly event: unknown
  /** What a handler may return. */
  readonly output: unknown
  /** What a middleware may answer without calling `next`. */
  readonly early: unknown
  /** What Lambda gets. */
  readonly result: unknown
  /** What a chain offers beside `use`, such as `handle` and `input`. */
  readonly verbs: object
}

/** Where events come from: what it adds to the context, what `.input()` checks, how results and errors are answered. */
export interface Source<W extends Wire, Adds extends object = {}> {
  readonly name: string
  /** ms after which nobody waits for the answer to this event any more, whatever time Lambda leaves. */
  limit?(ctx: never): number
  /** Whether an event is this source's, by its shape. */
  is?(event: unknown): boolean
  /** What the event adds to the context. Throws on an event that is not its own. */
  open(event: W['event'], ctx: Invocation<W['event']>): Adds
  /** What `.input()` checks, and the name of that part of the event; the event itself where this is left out. */
  payload?(ctx: never): readonly [value: unknown, where: string]
  /** Makes of a result what the service understands. */
  answer(output: unknown, ctx: never): W['result'] | Promise<W['result']>
  /** Answers an error, and an invocation that did not end in time (a DeadlineError). Throws what Lambda should see. */
  fail(error: Error, ctx: never): W['result'] | Promise<W['result']>
  /** What a log line says of the invocation, such as its route and status. */
  describe?(ctx: never, result: W['result']): Readonly<Record<string, unknown>>
  /** The methods of its chain, such as {@link verbs}. */
  readonly verbs: Verbs
  readonly wire?: W
}

export interface AnySource extends Source<Wire, object> {}

/** What a chain has collected so far, for a verb to hand on. */
export interface Collected {
  readonly [opaque]?: never
}

/** The methods of a chain, each given what it has collected so far. */
export type Verbs = Readonly<Record<string, Verb>>
// A method's parameter may be the narrower: the core's verbs know what was collected.
type Verb = { verb(collected: Collected, ...args: never[]): unknown }['verb']
