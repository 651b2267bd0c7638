import type { Found } from '../../harness/discover.ts'
import type { Counted, Make, Peer } from '../../harness/peer.ts'

/**
 * What a peer of this group is: one file in `observability/peers/`, which exports those of these that it can fill. What
 * each function does is in `stack/work.ts`, and all answer `{ ok: true }` but the last.
 */
export interface ObservabilityModule {
  readonly peer: Peer
  /** The function with nothing that observes it: what others are beyond. */
  readonly plain?: Make
  /** A line in the end, at INFO, with outcome, duration and request id. */
  readonly logger?: Make
  /** A tracer round a function that makes no use of it. */
  readonly idle?: Make
  /** A span for the invocation, two in it, and an annotation. */
  readonly tracer?: Make
  /** Three metrics and two dimensions of the invocation. */
  readonly metrics?: Make
  /** Logger, tracer and metrics together. */
  readonly all?: Make
  /** So many `await`s, without a tracer, and with one. */
  readonly awaits?: Counted
  readonly tracedAwaits?: Counted
  /** POST /orders under all three, with validation and a secret that orders with a note need. */
  readonly stack?: Make
}

export type ObservabilityPeer = Found<ObservabilityModule>
