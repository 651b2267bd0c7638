import type { Chain, Handler, Next, Outcome } from '@fnware/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { HttpEvent, HttpResult } from '../event.ts'
import type { Http } from '../http.ts'
import type { Reply } from '../reply.ts'

/** `/orders/{id}/{proxy+}` gives `{ id: string; proxy: string }`. */
export type Params<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name extends `${infer Greedy}+` ? Greedy : Name]: string } & Params<Rest>
  : {}

/** What a route checks and promises. */
export interface RouteSpec<
  Path extends string,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
  R extends Responses | undefined,
> {
  /** Checks the path's parameters. */
  readonly params?: P & Fits<Path, P>
  /** Checks the query: a string for each parameter, an array for one sent several times. */
  readonly query?: Q
  /** Checks the body. */
  readonly body?: B
  /** What the route answers, by status: checked, and sent as the schema makes it. */
  readonly response?: R
  /** A line about the route. */
  readonly summary?: string
}
export type Schema = StandardSchemaV1 | undefined
export type Responses = { readonly [status: number]: StandardSchemaV1 }

type Fits<Path extends string, P> = P extends StandardSchemaV1
  ? [Exclude<keyof StandardSchemaV1.InferInput<P>, keyof Params<Path>>] extends [never]
    ? unknown
    : `⛔ the path ${Path} has no {${Exclude<keyof StandardSchemaV1.InferInput<P>, keyof Params<Path>> & string}}`
  : unknown
type Out<S, Else> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : Else

/** What a route adds to its handler's context. */
export interface Routed<Path extends string, P, Q, B> {
  readonly params: Out<P, Params<Path>>
  readonly query: Out<Q, Readonly<Record<string, string | undefined>>>
  readonly body: Out<B, unknown>
}

type In<R, Status> = Status extends keyof R
  ? R[Status] extends StandardSchemaV1
    ? StandardSchemaV1.InferInput<R[Status]>
    : never
  : never
/** What a bare result is answered with. */
type Success<R> = 200 extends keyof R ? 200 : 201 extends keyof R ? 201 : 202 extends keyof R ? 202 : never
/** Every status may be returned by `reply()`, the lowest of 200, 201 and 202 also bare. */
export type Answers<R> = R extends Responses
  ? { [S in keyof R & number]: Reply<S, In<R, S>> }[keyof R & number] | In<R, Success<R>>
  : unknown

/**
 * Declares routes. Paths are written as API Gateway writes them: `/orders/{id}`, `/files/{proxy+}`. A fixed segment goes
 * before a parameter, and a parameter before the rest of the path. Write each as a statement of its own.
 */
export interface Routes<Ctx extends object> {
  /** Routes that are declared on what this returns run inside the middleware. It runs before anything is checked. */
  use<A extends object>(middleware: (ctx: Ctx, next: Next) => Promise<Outcome<A> | Http['early']>): Routes<Ctx & A>
  /** Answers HEAD as well, unless that is declared. */
  readonly get: Route<Ctx>
  readonly head: Route<Ctx>
  readonly post: Route<Ctx>
  readonly put: Route<Ctx>
  readonly patch: Route<Ctx>
  readonly delete: Route<Ctx>
  /** Where it is not declared, OPTIONS is answered with what a path allows. */
  readonly options: Route<Ctx>
  /** Every method that is not declared on its own. */
  readonly any: Route<Ctx>
}

export interface Route<Ctx extends object> {
  <const Path extends `/${string}`>(
    path: Path,
    handler: (ctx: Ctx & Routed<Path, undefined, undefined, undefined>) => unknown,
  ): Routes<Ctx>
  <
    const Path extends `/${string}`,
    P extends Schema = undefined,
    Q extends Schema = undefined,
    B extends Schema = undefined,
    R extends Responses | undefined = undefined,
  >(
    path: Path,
    spec: RouteSpec<Path, P, Q, B, R>,
    handler: (ctx: Ctx & Routed<Path, P, Q, B>) => Answers<R> | Promise<Answers<R>>,
  ): Routes<Ctx>
}

export interface RoutesVerb {
  /**
   * Several routes behind one function: finishes the chain. What matches no path is a 404, and a method that the path
   * does not have a 405 with `allow`.
   */
  routes<Shared extends object, Ctx extends object>(
    this: Chain<Http, Shared, Ctx>,
    define: (routes: Routes<Ctx>) => unknown,
  ): Handler<HttpEvent, HttpResult, Shared>
}
