import { expect, test } from 'vitest'
import { json } from './json.ts'

const circle: Record<string, unknown> = { a: { b: [1] } }
;(circle.a as { b: unknown[] }).b.push(circle)
const deep = () => {
  let value: object = {}
  for (let i = 0; i < 200_000; i++) value = { inner: value }
  return value
}

test.each([
  ['a circle', circle, '/a/b/1: Converting circular structure to JSON'],
  ['a BigInt', { order: { total: 5n } }, '/order/total: Do not know how to serialize a BigInt'],
  ['a BigInt beside the same object twice', { a: circle.b, b: circle.b, c: [5n] }, '/c/0: Do not know'],
  ['a BigInt itself', 5n, 'the result itself: Do not know how to serialize a BigInt'],
  ['a function', () => 1, 'it is a function'],
  ['a symbol', Symbol('x'), 'it is a symbol'],
  ['what its toJSON leaves out', { toJSON: () => undefined }, 'its toJSON() gives nothing to write'],
  ['a BigInt after null', { a: null, b: 5n }, '/b: Do not know'],
  ['a Map', new Map(), 'it is a Map'],
  ['a promise', Promise.resolve(), 'it is a Promise: await it'],
  ['what is too deep', deep(), 'Maximum call stack size exceeded'],
  [
    'a toJSON that throws',
    {
      toJSON() {
        throw new Error('not me')
      },
    },
    'not me',
  ],
])('%s is refused, with the place of the fault', (_, value, message) => {
  expect(() => json(value)).toThrow(TypeError)
  expect(() => json(value)).toThrow(message)
})
