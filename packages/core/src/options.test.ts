import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { checkOptions, didYouMean } from './extend.ts'

describe('an option', () => {
  const known = {
    number: 'number',
    string: 'string',
    boolean: 'boolean',
    function: 'function',
    object: 'object',
    array: 'array',
    schema: 'schema',
    any: 'any',
  } as const
  const values: Readonly<Record<string, unknown>> = {
    zero: 0,
    half: 0.5,
    negative: -1,
    endless: Infinity,
    none: Number.NaN,
    text: '1',
    true: true,
    fn: () => 1,
    null: null,
    object: {},
    list: [],
    schema: z.string(),
  }

  test.each([
    ['number', 'a number from 0 up', ['zero', 'half']],
    ['string', 'a string', ['text']],
    ['boolean', 'true or false', ['true']],
    ['function', 'a function', ['fn']],
    ['object', 'an object', ['object', 'schema']],
    ['array', 'an array', ['list']],
    ['schema', 'a Standard Schema', ['schema']],
    ['any', '', Object.keys(values)],
  ])('that is to be of the kind %s takes that, and nothing else', (kind, words, right) => {
    for (const [name, value] of Object.entries(values)) {
      const check = () => checkOptions('make()', { [kind]: value }, known)
      if (right.includes(name)) expect(check).not.toThrow()
      else expect(check, name).toThrow(new TypeError(`make(): \`${kind}\` must be ${words}`))
    }
    expect(() => checkOptions('make()', { [kind]: undefined }, known)).not.toThrow()
  })

  test('that is not known is named, with what may have been meant', () => {
    const check = (name: string) => () =>
      checkOptions('make()', { [name]: undefined }, { timeout: 'number', ttl: 'number' })
    expect(check('timeuot')).toThrow(new TypeError('make(): there is no option `timeuot`: did you mean `timeout`?'))
    expect(check('retries')).toThrow(new TypeError('make(): there is no option `retries`: there is `timeout`, `ttl`'))
    for (const name of ['constructor', 'toString', '__proto__'])
      expect(() => checkOptions('make()', JSON.parse(`{"${name}":1}`) as object, {})).toThrow(
        new TypeError(`make(): there is no option \`${name}\`: there is none`),
      )
  })
})

test('options are an object', () => {
  for (const wrong of [null, undefined, 'x', 5, [], () => 1])
    expect(() => checkOptions('make()', wrong as never, {})).toThrow(new TypeError('make() takes an object of options'))
})

test('a factory that is used where what it makes is wanted says so: it is given a context', () => {
  const context = { defer: () => {}, signal: {} }
  expect(() => checkOptions('make()', context, {})).toThrow(
    new TypeError('make() was used without being called: .use(make()), with its brackets'),
  )
  for (const part of [{ defer: 1 }, { signal: 1 }])
    expect(() => checkOptions('make()', part, { defer: 'number', signal: 'number' })).not.toThrow()
})

describe('what may have been meant', () => {
  test.each([
    ['ttl', 'ttl'],
    ['TTL', 'ttl'],
    ['tt', 'ttl'],
    ['ttll', 'ttl'],
    ['tll', 'ttl'],
    ['bodylimit', 'bodyLimit'],
    ['BodyLimits', 'bodyLimit'],
    ['bdyLimt', 'bodyLimit'],
    ['limitBody', undefined],
    ['xyz', undefined],
    ['', undefined],
    ['t', undefined],
    ['deadlines', 'deadline'],
    ['dead', undefined],
  ])('by %j is %j', (name, meant) => {
    const said = didYouMean(name, ['ttl', 'bodyLimit', 'deadline'])
    expect(said).toBe(meant ? `: did you mean \`${meant}\`?` : ': there is `ttl`, `bodyLimit`, `deadline`')
  })

  test('is found at once, however long the name', () => {
    expect(didYouMean('x'.repeat(10_000), ['integrationTimeout', 'y'.repeat(10_000)])).toMatch(
      ': there is `integration',
    )
  })
})
