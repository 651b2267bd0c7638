import { type Case, handler, short } from '../case.ts'

const trail = 'ü € 𝄞 \u2028 \0 \x7f "'

/** What a function may be given and answer. */
export const answers: readonly Case[] = [
  {
    name: 'an async handler',
    files: handler('async (event) => ({ got: event })'),
    invocations: [{ event: { n: 1 } }, { event: [2] }],
  },
  { name: 'a handler that is not async', files: handler("(event) => 'at once'") },
  { name: 'a handler that returns a promise', files: handler("() => new Promise((r) => setTimeout(r, 20, 'later'))") },
  { name: 'a handler that returns a thenable', files: handler("() => ({ then: (done) => done('thenable') })") },
  { name: 'undefined', files: handler('async () => {}') },
  { name: 'null', files: handler('async () => null') },
  { name: 'NaN and Infinity', files: handler('async () => [NaN, Infinity, -0]') },
  { name: 'NaN alone', files: handler('async () => NaN') },
  { name: 'a function', files: handler('async () => () => 1'), options: short },
  { name: 'a symbol', files: handler("async () => Symbol('s')"), options: short },
  {
    name: 'a Date, a Map, a Buffer, a toJSON',
    files: handler("async () => [new Date(0), new Map([[1, 2]]), Buffer.from('b'), { toJSON: () => 'own' }]"),
  },
  { name: 'BigInt', files: handler('async () => ({ n: 1n })') },
  { name: 'a circular result', files: handler('async () => { const a = {}; a.self = a; return a }') },
  { name: 'a toJSON that throws', files: handler("async () => ({ toJSON() { throw new RangeError('no') } })") },
  {
    name: 'unicode, both ways',
    files: handler('async (event) => event'),
    invocations: [{ event: { [trail]: trail } }],
  },
  { name: 'a lone surrogate', files: handler("async () => '\\ud800'") },
  {
    name: 'an event of 5 MB',
    files: handler('async (event) => event.length'),
    invocations: [{ event: 'ü'.repeat(2_500_000) }],
  },
  { name: 'a result of 6 MB less two bytes', files: handler("async () => 'x'.repeat(6 * 1024 * 1024 - 2)") },
  {
    name: 'a result over 6 MB, and the next invocation',
    files: handler("async ({ n }) => 'x'.repeat(n)"),
    invocations: [{ event: { n: 6 * 1024 * 1024 + 99 } }, { event: { n: 3 } }],
  },
  {
    name: 'events that are no objects',
    files: handler('async (event) => [typeof event, event]'),
    invocations: [{ event: null }, { event: 'text' }, { event: 7 }, { event: [] }],
  },
]
