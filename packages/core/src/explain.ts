import type { Chain, Loose } from './chain.ts'
import type { Invocation } from './invocation.ts'
import type { Middleware, Outcome } from './middleware.ts'
import type { Resource } from './resource.ts'

// The words in which the compiler refuses a chain. `test/types/misuse` holds them.

/** The keys of `Adds` that are taken, and that its values do not extend. */
export type Clash<Adds, Ctx> =
  | (keyof Adds & keyof Invocation)
  | { [K in keyof Adds & keyof Ctx]: Adds[K] extends Ctx[K] ? never : K }[keyof Adds & keyof Ctx]

/** A stack's context holds what it needs as well as what it adds: there either side may be the narrower. */
export type Apart<C, Ctx> = {
  [K in keyof C & keyof Ctx]: C[K] extends Ctx[K] ? never : Ctx[K] extends C[K] ? never : K
}[keyof C & keyof Ctx]

/**
 * A rest parameter that cannot be given: an intersection on the argument itself would end contextual typing. Looks at
 * every key only where one is taken: a check of them all in every step made long chains grow with their square.
 */
export type Clashes<Key, Adds, Ctx> = [(Key | keyof Adds) & keyof Ctx] extends [never]
  ? []
  : [(Key & keyof Ctx) | Clash<Adds, Ctx>] extends [never]
    ? []
    : [never]

/** Never satisfied: it is the last overload, so that the compiler says in a sentence what is wrong. */
export type Explain<M, Shared, Ctx> =
  M extends Resource<infer Needs, infer Key, unknown>
    ? Key extends keyof Ctx
      ? `⛔ \`${Key}\` is already on the context: give this resource another key`
      : Unmet<'resource', Needs, Shared>
    : M extends Chain<Loose<infer Needs, infer Resources>, infer _, infer C>
      ? [Exclude<keyof Resources, keyof Shared>] extends [never]
        ? [Apart<C, Ctx>] extends [never]
          ? Unmet<'stack', Needs, Ctx>
          : `⛔ this stack and the chain before it both have \`${Apart<C, Ctx> & string}\`, with types that do not agree`
        : Unmet<'stack', Resources, Shared>
      : M extends (ctx: infer Needs, next: never) => Promise<infer O>
        ? ExplainMiddleware<Needs, O, Ctx>
        : M extends (...options: never[]) => Resource<never> | Middleware<never, object, unknown>
          ? '⛔ call it: .use(name()) rather than .use(name)'
          : NoNext

type ExplainMiddleware<Needs, O, Ctx> = [Extract<O, Outcome>] extends [never]
  ? NoNext
  : [Extract<O, Outcome>] extends [Outcome<infer Adds>]
    ? [Clash<Adds, Ctx>] extends [never]
      ? Unmet<'middleware', Needs, Ctx>
      : `⛔ \`${Clash<Adds, Ctx> & string}\` is already on the context: only a value that extends it may replace it`
    : NoNext

type NoNext = '⛔ a middleware must return next(), or a reply of its source'

type Unmet<Kind extends string, Needs, Has> = [Exclude<keyof Needs, keyof Has>] extends [never]
  ? [Mistyped<Needs, Has>] extends [never]
    ? `⛔ this ${Kind} answers with what this source cannot reply`
    : `⛔ this ${Kind} needs \`${Mistyped<Needs, Has> & string}\` with another type`
  : `⛔ this ${Kind} needs \`${Exclude<keyof Needs, keyof Has> & string}\`: .use() what provides it, earlier in the chain`

type Mistyped<Needs, Has> = {
  [K in keyof Needs & keyof Has]: Has[K] extends Needs[K] ? never : K
}[keyof Needs & keyof Has]
