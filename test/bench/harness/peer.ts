/**
 * What a peer is: one file in `peers/`, which exports those of these that it can fill. Each gives a function as Lambda
 * calls it. Only the cell that is measured goes into its bundle, with what it imports.
 */
export interface PeerModule {
  readonly peer: Peer
  /** An async function that answers at once. */
  readonly empty?: Make
  /** `count` middlewares, each of which adds a value that the handler can read: `k0`, `k1`, … */
  readonly adding?: Counted
  /** `count` times something after the handler, come what may, which is waited for: async `try`/`finally`. */
  readonly around?: Counted
  /** The same, synchronous, where a peer tells that apart: fnware's `over`, Middy's `after` and `onError`. */
  readonly over?: Counted
  /** `count` values fetched once per environment, which the handler can read: `r0`, `r1`, … */
  readonly resources?: Counted
  /** POST /orders: log, body limit, JSON, schema, errors as problems. `stack/order.ts` says what it must do. */
  readonly http?: Make
  /** An API of 12 or 200 routes (`stack/routes.ts`). */
  readonly routes?: Counted
}

export type LambdaFunction = (event: never, context: never) => Promise<unknown>
export type Make = () => LambdaFunction
export type Counted = (count: number) => LambdaFunction

export interface Peer {
  readonly title: string
  /** The packages that it is made of: their versions stand in the report. */
  readonly packages: readonly string[]
  /** Its place in the tables, lowest first. */
  readonly order: number
  /** Where it cannot do what the others do, by the check that it is let off: the report says so. */
  readonly cannot?: Readonly<Partial<Record<Check, string>>>
}

/** What the equivalence test checks, other than the answers themselves. */
export type Check = 'wrong method' | 'deadline'
