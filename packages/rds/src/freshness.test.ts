import { expect, test } from 'vitest'
import { checkFor } from './freshness.ts'

test.each([
  [0, 'none'],
  [2, 'none'],
  [3, 'look'],
  [5_000, 'look'],
  [5_001, 'ping'],
  [299_999, 'ping'],
  [300_000, 'discard'],
  [Number.MAX_SAFE_INTEGER, 'discard'],
  [-1, 'ping'],
])('after %i ms a connection is checked so: %s', (idleFor, check) => {
  expect(checkFor(idleFor, 300_000)).toBe(check)
})

test('a limit of its own comes first', () => {
  expect([checkFor(9, 10), checkFor(10, 10), checkFor(0, 0)]).toEqual(['look', 'discard', 'discard'])
})
