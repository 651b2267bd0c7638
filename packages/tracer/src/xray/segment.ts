import type { Details, Failure } from '../engine.ts'
import type { Exception } from './exceptions.ts'

/** What a segment document says of one span. */
export interface Segment {
  readonly id: string
  readonly name: string
  readonly namespace: 'aws' | 'remote' | undefined
  readonly parent: Segment | undefined
  /** Seconds since 1970. */
  readonly begun: number
  ended: number | undefined
  details: Details
  annotations: Map<string, string | number | boolean> | undefined
  /** As JSON, by namespace and key. */
  metadata: Map<string, Map<string, string>> | undefined
  as: Failure['as'] | undefined
  /** What was thrown, or the id of the exception of a span below that tells of it. */
  cause: readonly Exception[] | string | undefined
  /** Those below that have not been sent on their own. */
  below: Segment[]
  /** Whether it has gone: what ends below it then goes on its own. */
  sent: boolean
  /** Whether it has been told that it is in progress, which may be told once. */
  told: boolean
}
