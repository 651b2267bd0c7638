import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonOf } from './json.ts'

const read = (value: unknown, room?: number) => JSON.parse(jsonOf(value, room))

test('what is JSON is as JSON.stringify has it', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const value = JSON.parse(json)
      expect(read(value, 1e6)).toEqual(value)
    }),
  )
})

test('any value is written, and nothing is thrown', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      (value) => {
        JSON.parse(jsonOf(value))
      },
    ),
  )
})

test.each([
  ['bigint', 10n, '10'],
  ['not a number', Number.NaN, 'NaN'],
  ['infinite', [-Infinity], ['-Infinity']],
  ['undefined', undefined, '[undefined]'],
  ['a function', () => {}, '[undefined]'],
  ['left out', { a: undefined, b: () => {}, c: Symbol('x'), d: 1 }, { d: 1 }],
  ['a hole', [undefined, 1], [null, 1]],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['no date', new Date(Number.NaN), null],
  ['a map', new Map([['a', 1]]), { a: 1 }],
  ['a set', new Set([1]), [1]],
  ['bytes', Buffer.from('abc'), '[3 bytes]'],
  ['a stream', Readable.from(['x']), '[stream]'],
  ['another', new ReadableStream(), '[stream]'],
  ['half a character', '\ud800', '\ufffd'],
  ['an error', new RangeError('x', { cause: 1 }), { name: 'RangeError', message: 'x', cause: 1 }],
  ['no prototype', Object.create(null, { a: { value: 1, enumerable: true } }), { a: 1 }],
  ['the key of a prototype', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
])('%s', (_, value, written) => {
  expect(read(value)).toEqual(written)
})

test('a property that throws spoils no other', () => {
  const value = {
    before: 1,
    get bad() {
      throw new Error('no')
    },
    after: 2,
  }
  expect(read(value)).toEqual({ before: 1, bad: '[cannot be read]', after: 2 })
})

test('what throws whatever is asked of it is named', () => {
  const hostile = new Proxy(
    {},
    new Proxy(
      {},
      {
        get: () => () => {
          throw new Error('no')
        },
      },
    ),
  )
  expect(read({ hostile, ok: 1 })).toEqual({ hostile: '[cannot be read]', ok: 1 })
})

test('what holds itself is cut where it does, and what is there twice is not', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  expect(read(circle)).toEqual({ self: '[circular]' })
  const shared = { a: 1 }
  expect(read([shared, shared])).toEqual([shared, shared])
})

test('what is deep is cut', () => {
  let deep: unknown = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  expect(jsonOf(deep)).toContain('[too deep]')
  const endless = { toJSON: () => endless }
  expect(read(endless)).toBe('[circular]')
})

test('what is large is cut to the room there is', () => {
  expect(jsonOf('x'.repeat(10_000_000)).length).toBeLessThan(20_000)
  expect(jsonOf(Array.from({ length: 1_000_000 }, (_, i) => i)).length).toBeLessThan(40_000)
  expect(read(Array.from({ length: 1_000_000 }, (_, i) => i)).at(-1)).toBe('[cut]')
  expect(jsonOf(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i]))).length).toBeLessThan(
    50_000,
  )
  expect(read('x'.repeat(20_000))).toMatch(/^x{16384}… \[20000 characters\]$/)
  function* endless() {
    for (let i = 0; ; i++) yield i
  }
  const set = { [Symbol.iterator]: endless }
  expect(read(Object.assign(new Set(), set)).at(-1)).toBe('[cut]')
})
