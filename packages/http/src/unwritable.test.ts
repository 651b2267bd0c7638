import { expect, test } from 'vitest'
import { unwritable } from './unwritable.ts'

const circle: Record<string, unknown> = { a: { b: [1] } }
;(circle.a as { b: unknown[] }).b.push(circle)
const said = (value: unknown) => {
  try {
    JSON.stringify(value)
    return unwritable(value, undefined)
  } catch (error) {
    return unwritable(value, error)
  }
}

test.each([
  ['a circle', circle, '/a/b/1 is circular'],
  ['a BigInt', { order: { total: 5n } }, '/order/total is a BigInt: convert it, as with String()'],
  ['a BigInt itself', 5n, 'the result itself is a BigInt: convert it, as with String()'],
  ['a function', () => 1, 'it is a function'],
  ['a symbol', Symbol('x'), 'it is a symbol'],
  [
    'a getter that throws',
    {
      get x() {
        throw new Error('no')
      },
    },
    'reading /x throws',
  ],
  [
    'a toJSON that throws',
    {
      toJSON() {
        throw new Error('not me')
      },
    },
    'not me',
  ],
])('%s is found', (_, value, message) => {
  expect(said(value)).toBe(message)
})

test('what stands twice beside itself is no circle', () => {
  const shared = { x: 1 }
  expect(unwritable({ a: shared, b: shared, c: 5n }, undefined)).toMatch(/^\/c is a BigInt/)
})
