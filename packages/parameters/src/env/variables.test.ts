import { expect, test } from 'vitest'
import { seen } from './variables.ts'

test('what is seen are the variables that were asked for, and none that an object has by itself', () => {
  const { view, names } = seen({ A: 'a', B: 'b', C: 'c' })
  expect([view.A, 'B' in view, view.NONE, view.constructor, 'toString' in view]).toEqual([
    'a',
    true,
    undefined,
    undefined,
    false,
  ])
  expect({ ...view }).toEqual({ A: 'a', B: 'b' })
  expect(JSON.stringify(view)).toBe('{"A":"a","B":"b"}')
  expect([...names].slice(0, 3)).toEqual(['A', 'B', 'NONE'])
})
