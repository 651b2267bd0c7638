import type { Ratio } from './compare.ts'
import { times } from './render.ts'

/** What fnware sets out to hold, and what was measured. */
export interface Target {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly verdict: Verdict
}

/** By the whole interval: a figure whose interval holds the limit is on neither side of it. */
export type Verdict = 'held' | 'missed' | 'not settled'

export const measured = ({ median, low, high }: Ratio): string =>
  `${times(median)} (${low.toFixed(2)}–${high.toFixed(2)})`
export const atMost = (what: string, limit: number, ratio: Ratio): Target => ({
  what,
  target: `≤ ${limit} ×`,
  measured: measured(ratio),
  verdict: ratio.high <= limit ? 'held' : ratio.low > limit ? 'missed' : 'not settled',
})
export const atLeast = (what: string, limit: number, ratio: Ratio): Target => ({
  what,
  target: `≥ ${limit} ×`,
  measured: measured(ratio),
  verdict: reached(limit, ratio),
})
export const reached = (limit: number, { low, high }: Ratio): Verdict =>
  low >= limit ? 'held' : high < limit ? 'missed' : 'not settled'
/** Of several that must all hold. */
export const all = (verdicts: readonly Verdict[]): Verdict =>
  (['missed', 'not settled'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'held'
