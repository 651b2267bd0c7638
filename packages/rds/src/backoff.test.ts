import { expect, test } from 'vitest'
import { backoff } from './backoff.ts'

test.each([
  ['conflict', 0, 5, 15],
  ['conflict', 3, 40, 120],
  ['conflict', 50, 500, 1_500],
  ['lost', 0, 12.5, 37.5],
  ['lost', 2, 200, 600],
  ['readonly', 50, 500, 1_500],
] as const)('after %s, for the time %i, from %d to %d ms', (kind, attempt, from, to) => {
  const waits = Array.from({ length: 200 }, () => backoff(kind, attempt))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(from)
  expect(Math.max(...waits)).toBeLessThanOrEqual(to)
  expect(new Set(waits).size).toBeGreaterThan(1)
})
