import type { Invocation } from './invocation.ts'

declare const added: unique symbol

/** What `next` resolves to: the handler's result, opaque, branded with what was added on the way in. */
export interface Outcome<out Adds extends object = {}> {
  readonly [added]: Adds
}

/**
 * Runs once when the chain has come to its end, with the error that it ended with if it did, be it the deadline's.
 * What must know how its own inside ended, such as a transaction, takes `try`/`catch` round `next` instead.
 */
export type Over = (error?: unknown) => void

/**
 * Goes on to the next middleware, and in the end to the handler. To be called once, and its promise returned.
 *
 * `adds` joins the context. `over` runs when the chain has come to its end: cheaper than a `try`/`finally` round `next`, and
 * not left out when the invocation hangs past its deadline.
 */
export type Next = <Adds extends object = {}>(adds?: Adds, over?: Over) => Promise<Outcome<Adds>>

/**
 * Wraps every invocation (Lambda's INVOKE phase). What it gives `next` joins the context; it may answer early with a
 * reply of the source.
 * @typeParam Needs what it reads from the context, and nothing it provides
 * @typeParam Adds what it adds to the context
 * @typeParam Early what it may answer without calling `next`
 */
export type Middleware<Needs extends object = {}, Adds extends object = {}, Early = never> = (
  ctx: Invocation & Needs,
  next: Next,
) => Promise<Outcome<Adds> | Early>
