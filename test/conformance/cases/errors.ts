import { type Case, handler, short } from '../case.ts'

/** What a function may throw: the environment goes on. */
export const errors: readonly Case[] = [
  { name: 'throws an Error', files: handler("async () => { throw new TypeError('bad ü') }"), invocations: [{}, {}] },
  { name: 'throws before it is async', files: handler("() => { throw new Error('at once') }") },
  {
    name: 'throws an error with a name and fields of its own',
    files: {
      'index.mjs': `class OutOfStock extends Error {
  name = 'OutOfStock'
  code = 'E_STOCK'
  sku = 'A-1'
}
export const handler = async () => {
  throw new OutOfStock('none left', { cause: new RangeError('zero') })
}
`,
    },
  },
  {
    name: 'throws an AggregateError',
    files: handler("async () => { throw new AggregateError([new Error('a'), new Error('b')], 'both') }"),
  },
  { name: 'throws a string', files: handler("async () => { throw 'just text' }") },
  { name: 'throws undefined', files: handler('async () => { throw undefined }') },
  { name: 'throws null', files: handler('async () => { throw null }') },
  { name: 'throws an object', files: handler("async () => { throw { message: 'not an Error' } }") },
  {
    name: 'throws an object without a prototype',
    files: handler('async () => { throw Object.create(null) }'),
    options: short,
  },
  {
    name: 'throws a circular error',
    files: handler("async () => { const e = new Error('round'); e.self = e; throw e }"),
  },
  {
    name: 'throws an error without a stack',
    files: handler("async () => { const e = new Error('bare'); delete e.stack; e.stack = undefined; throw e }"),
  },
  {
    name: 'throws an error whose stack is no text',
    files: handler("async () => { const e = new Error('odd'); e.stack = 7; throw e }"),
  },
  {
    name: 'throws an error whose message is no text',
    files: handler("async () => { const e = new Error('odd'); e.message = 7; throw e }"),
  },
  {
    name: 'throws an error whose message cannot be read',
    files: handler(
      "async () => { const e = new Error(); Object.defineProperty(e, 'message', { get() { throw 1 } }); throw e }",
    ),
  },
  {
    name: 'throws an error with DEL and line breaks',
    files: handler("async () => { throw new Error('a\\x7fb\\nc\\r\\nd') }"),
  },
  {
    name: 'throws an error of another realm',
    files: {
      'index.mjs':
        "import { runInNewContext } from 'node:vm'\nexport const handler = async () => { throw runInNewContext('new TypeError(\"foreign\")') }\n",
    },
  },
  { name: 'rejects with an Error', files: handler("() => Promise.reject(new RangeError('rejected'))") },
]
