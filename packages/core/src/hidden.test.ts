import { afterEach, expect, test } from 'vitest'
import { hidden, hiddenIn, hide } from './hidden.ts'

afterEach(() => hidden.clear())

test('what was hidden is found in a text, and what was not is not', () => {
  hide(['hunter-22', 'sk_live_1'])
  expect(hiddenIn('login failed for app with hunter-22')).toEqual(['hunter-22'])
  expect(hiddenIn('sk_live_1hunter-22')).toEqual(['hunter-22', 'sk_live_1'])
  expect(hiddenIn('hunter-2')).toEqual([])
})

test('what is too short to be told from other text is not hidden', () => {
  hide(['', 'abcde', 'abcdef'])
  expect(hiddenIn('abcdef')).toEqual(['abcdef'])
})

test('a thousand stay: those that were told last', () => {
  hide(['the first', 'the second'])
  hide(Array.from({ length: 998 }, (_, i) => `value-${i}`))
  hide(['the first', 'one more'])
  expect(hidden.size).toBe(1000)
  expect(hiddenIn('the first the second one more')).toEqual(['the first', 'one more'])
})
