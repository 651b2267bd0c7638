import type { Start } from '../../harness/cold.ts'
import type { Figure } from '../../harness/invocations.ts'
import type { Size } from '../../harness/size.ts'
import type { Span } from '../stack/span.ts'

/** What was measured of configuration and data: each list has one entry for each round, or each rotation, in order. */
export interface DataResults {
  /** By peer. */
  readonly calls: Readonly<Record<string, Calls>>
  readonly rotations: Readonly<Record<string, readonly Rotations[]>>
  readonly connections: Readonly<Record<string, Connections>>
  /** By peer, then by cell. */
  readonly warm: Readonly<Record<string, Readonly<Record<string, readonly Figure[]>>>>
  readonly timelines: Readonly<Record<string, readonly Timeline[]>>
  /** By the name of a transport. */
  readonly transports: Readonly<Record<string, { readonly starts: readonly Start[]; readonly size: Size }>>
}

/** Calls to AWS that one environment made. */
export interface Calls {
  /** Until its first answer. */
  readonly atInit: number
  /** During the invocations after it, all within the time to live. */
  readonly warm: number
  readonly invocations: number
}

/** What one environment did while a secret and a parameter were rotated, and then while AWS failed. */
export interface Rotations {
  readonly ttl: number
  /** ms from each rotation until an invocation had the new value; undefined where that took too long. */
  readonly secret: readonly (number | undefined)[]
  readonly parameter: readonly (number | undefined)[]
  /** ms after which it was waited for no longer. */
  readonly patience: number
  readonly outage: Outage
}

/** While every call failed, for longer than the time to live. */
export interface Outage {
  readonly ms: number
  readonly answered: number
  readonly failed: number
  /** ms that the slowest of them took. */
  readonly slowest: number
  /** Where the process came to its end: by what error. */
  readonly ended?: string | undefined
}

/** Connections that one environment made to the database. */
export interface Connections {
  readonly invocations: number
  readonly inTurn: number
  readonly atOnce: number
}

/** One INIT, in ms from the loading of the function. */
export interface Timeline {
  /** When the function's module was there, with what it waits for itself. */
  readonly loaded: number
  /** When the first invocation was answered. */
  readonly ready: number
  /** From the beginning of the first to the end of the last of its kind: secrets, parameters, token, connect. */
  readonly spans: readonly Span[]
}
