import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beyond, medianOf, ratioOf } from './harness/compare.ts'
import { interval, median, noise, quantile, quartiles } from './harness/statistics.ts'

test('the median is the middle one, or halfway between the two in the middle', () => {
  expect(median([3])).toBe(3)
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow(RangeError)
})

test('quartiles as R gives them (type 7)', () => {
  // quantile(c(7, 15, 36, 39, 40, 41), c(.25, .5, .75))
  expect(quartiles([41, 7, 40, 15, 39, 36])).toEqual({ lower: 20.25, median: 37.5, upper: 39.75 })
  expect(quantile([1, 2, 3, 4, 5], 0.1)).toBeCloseTo(1.4)
})

test('values are not put in order where they came from', () => {
  const values = [3, 1, 2]
  quartiles(values)
  expect(values).toEqual([3, 1, 2])
})

test('quantiles lie among the values and do not cross', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
      const { lower, median, upper } = quartiles(values)
      const order = [Math.min(...values), lower, median, upper, Math.max(...values)]
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    }),
  )
})

test('noise is the distance of the quartiles as a share of the median', () => {
  expect(noise({ lower: 90, median: 100, upper: 115 })).toBeCloseTo(0.25)
})

test('the interval of a constant is that constant, and the same rounds give the same interval', () => {
  expect(medianOf([5, 5, 5, 5])).toEqual({ median: 5, low: 5, high: 5 })
  const values = [4, 8, 15, 16, 23, 42]
  expect(medianOf(values)).toEqual(medianOf(values))
})

test('a 95 % interval covers the true median about as often as it says', () => {
  let seed = 1
  const random = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const samples = Array.from({ length: 100 }, () => Array.from({ length: 15 }, () => random() + random() + random()))
  const covered = samples.filter((values) => {
    const { low, high } = medianOf(values)
    return low <= 1.5 && 1.5 <= high
  })
  expect(covered.length / samples.length).toBeGreaterThan(0.9)
  expect(covered.length / samples.length).toBeLessThan(1)
})

test('rounds are resampled whole: what disturbs both sides of a ratio alike cancels out', () => {
  const load = [1, 1, 5, 1, 9, 1, 2, 1]
  const base = load.map((factor) => 100 * factor)
  const twice = load.map((factor) => 200 * factor)
  expect(ratioOf(twice, base)).toEqual({ median: 2, lower: 2, upper: 2, low: 2, high: 2 })
})

test('a ratio and its interval', () => {
  const ratio = ratioOf([200, 210, 190, 205, 195], [100, 100, 100, 100, 100])
  expect(ratio).toMatchObject({ median: 2, lower: 1.95, upper: 2.05 })
  expect(ratio.low).toBeGreaterThanOrEqual(1.9)
  expect(ratio.low).toBeLessThan(2)
  expect(ratio.high).toBeGreaterThan(2)
  expect(ratio.high).toBeLessThanOrEqual(2.1)
})

test('an interval asks for each round as often as there are rounds', () => {
  const sizes = new Set<number>()
  interval(7, (sample) => {
    sizes.add(sample.length)
    return Math.max(...sample)
  })
  expect([...sizes]).toEqual([7])
})

test('beyond an empty start, round by round', () => {
  expect(beyond([60, 75], [40, 50])).toEqual([20, 25])
})
