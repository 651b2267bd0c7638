import { describe, expect, test } from 'vitest'
import { described, leaks } from './validated.ts'

describe('a text shows a value', () => {
  test.each([
    ['got hunter2', 'hunter2'],
    ['got HUNT…', 'hunter2'],
    ['unte', 'hunter2'],
    ['got x', 'x'],
    ['x', 'x'],
    ['xx x xx', 'x'],
    ['"x"', 'x'],
    ['a#', '#'],
    ['###a', '###'],
    ['pin 042.', '042'],
    ['got "a\\"b\\n"', 'a"b\n'],
    ['was 54321', 54321],
    ['was 7', 7n],
    ['deep hunter2', { a: [{ b: 'hunter2' }] }],
    ['the second', ['first', 'second']],
  ])('%o of %o', (text, value) => {
    expect(leaks(value)(text)).toBe(true)
  })
})

describe('a text shows nothing', () => {
  test.each([
    ['got hun', 'hunter2'],
    ['extra', 'x'],
    ['xx', 'x'],
    ['1042', '042'],
    ['0421', '042'],
    ['über', 'b'],
    ['true or false', true],
    ['null', null],
    ['undefined', undefined],
    ['', ''],
    ['anything', ''],
    ['104, 117', new Uint8Array([104, 117])],
    ['anything', {}],
  ])('%o of %o', (text, value) => {
    expect(leaks(value)(text)).toBe(false)
  })

  test('of a value that holds itself, and it ends', () => {
    const value: Record<string, unknown> = { a: 'hunter2' }
    value.self = value
    expect(leaks(value)('nothing of it')).toBe(false)
    expect(leaks(value)('hunter2')).toBe(true)
  })
})

test('faults are told as one line, twenty of them, and how many more there are', () => {
  const faults = (count: number) => Array.from({ length: count }, (_, i) => ({ field: `/${i}`, message: 'no' }))
  expect(described([{ field: '', message: undefined }])).toBe(
    "the value: is not what it takes (the schema's own message shows the value)",
  )
  expect(described(faults(2))).toBe('/0: no; /1: no')
  expect(described(faults(20))).toMatch(/; \/19: no$/)
  expect(described(faults(21))).toMatch(/; \/19: no; and 1 more$/)
})
