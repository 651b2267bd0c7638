import type { TraceSpan } from '../events.ts'

/** A span that a function told of. */
export interface Told extends TraceSpan {
  /** Its trace, as X-Ray writes it. */
  readonly trace: string
  /** The invocation's request id, where it says so. */
  readonly requestId: string | undefined
}

export type Loose = Readonly<Record<string, unknown>>

export const asObject = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {})

export const asList = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.map(asObject) : [])

export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** What was thrown, in a line. */
export const thrown = (type: unknown, message: unknown): string | undefined =>
  [type, message].filter((each) => typeof each === 'string' && each !== '').join(': ') || undefined
