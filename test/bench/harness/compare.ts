import { interval, median, quartiles, type Spread } from './statistics.ts'

/** One thing beside another, from rounds in which they took turns. */
export interface Ratio extends Spread {
  /** A 95 % interval of the ratio of the medians. */
  readonly low: number
  readonly high: number
}

/** The ratio of two medians, with the quartiles of the rounds' own ratios, and the interval that resampled rounds give. */
export const ratioOf = (values: readonly number[], base: readonly number[]): Ratio => {
  const rounds = Math.min(values.length, base.length)
  const pick = (list: readonly number[], sample: readonly number[]) => median(sample.map((round) => list[round]!))
  const { lower, upper } = quartiles(values.slice(0, rounds).map((value, round) => value / base[round]!))
  return {
    median: median(values) / median(base),
    lower,
    upper,
    ...interval(rounds, (sample) => pick(values, sample) / pick(base, sample)),
  }
}

/** What starts take beyond a start that loads and does nothing, round by round. */
export const beyond = (values: readonly number[], empty: readonly number[]): number[] =>
  values.map((value, round) => value - empty[round]!)

/** The median, and its 95 % interval. */
export const medianOf = (values: readonly number[]): { median: number; low: number; high: number } => ({
  median: median(values),
  ...interval(values.length, (sample) => median(sample.map((round) => values[round]!))),
})
