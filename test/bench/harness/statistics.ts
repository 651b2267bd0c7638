/** The value below which a share `at` of the sorted values lies, between two of them by their distance (R's type 7). */
export const quantile = (values: readonly number[], at: number): number => {
  if (values.length === 0) throw new RangeError('no values')
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * at
  const below = sorted[Math.floor(place)]!
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export interface Spread {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** The median and the quartiles. */
export const quartiles = (values: readonly number[]): Spread => ({
  median: median(values),
  lower: quantile(values, 0.25),
  upper: quantile(values, 0.75),
})

/** How far a machine's noise moved the rounds: the distance of the quartiles as a share of the median. */
export const noise = ({ median, lower, upper }: Spread): number => (upper - lower) / median

/**
 * A 95 % interval of a statistic of rounds, by 2,000 resamples of whole rounds with replacement: what one round's values
 * have in common is kept. The same rounds always give the same interval.
 */
export const interval = (
  rounds: number,
  statistic: (sample: readonly number[]) => number,
  resamples = 2000,
): { readonly low: number; readonly high: number } => {
  const random = generator(rounds)
  const found = Array.from({ length: resamples }, () =>
    statistic(Array.from({ length: rounds }, () => Math.floor(random() * rounds))),
  )
  return { low: quantile(found, 0.025), high: quantile(found, 0.975) }
}

/** Numbers from 0 to 1 (mulberry32). */
const generator = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
