import { expect, test } from 'vitest'
import { joined, passedThrough, readTracingHeader, tracingHeaderIn } from './header.ts'

const trace = '1-5759e988-bd862e3fe1be46a994272793'
const parent = '53995c3f42cd8ad8'

test('what a header says', () => {
  expect(readTracingHeader(`Root=${trace};Parent=${parent};Sampled=1`)).toEqual({ trace, parent, sampled: true })
  expect(readTracingHeader(` sampled=0; self=1-a ; root=${trace.toUpperCase()} `)).toEqual({
    trace,
    parent: undefined,
    sampled: false,
  })
  expect(readTracingHeader(`Root=${trace};Sampled=?;Parent=short`)).toEqual({
    trace,
    parent: undefined,
    sampled: undefined,
  })
})

test.each([undefined, '', 'Root=', 'Root=1-1-1', `NotRoot=${trace}`, `Root=${trace}0`, `Parent=${parent};Sampled=1`])(
  'one that names no trace says nothing: %s',
  (header) => {
    expect(readTracingHeader(header)).toBeUndefined()
    expect(joined(header)).toEqual({
      trace: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      parent: undefined,
      sampled: true,
    })
    expect(passedThrough(header)).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/)
  },
)

test('passed through, a header is completed, and left alone where it is complete', () => {
  const whole = `Self=1-a;Root=${trace};Parent=${parent};Sampled=1`
  expect(passedThrough(whole)).toBe(whole)
  expect(passedThrough(`Root=${trace};Sampled=?`)).toMatch(new RegExp(`^Root=${trace};Parent=[0-9a-f]{16};Sampled=0$`))
})

test('the header that an event carries', () => {
  expect(tracingHeaderIn({ headers: { 'X-Amzn-Trace-Id': 'a' } })).toBe('a')
  expect(tracingHeaderIn({ multiValueHeaders: { 'x-amzn-trace-id': ['b', 'c'] } })).toBe('b')
  expect(tracingHeaderIn({ headers: {} })).toBeUndefined()
  expect(tracingHeaderIn({})).toBeUndefined()
})
