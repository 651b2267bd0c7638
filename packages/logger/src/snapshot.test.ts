import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lines } from '../test/lines.ts'
import { isFlat, snapshotOf } from './snapshot.ts'

const copyOf = (value: unknown, most = 20_480) => snapshotOf(value, most).value

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
})

describe('a copy', () => {
  test('is written as what it was made of is, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const written = await lines(({ logger }) => {
          logger.info('x', { value })
          logger.info('x', { value: copyOf(value, Number.POSITIVE_INFINITY) })
          logger.info('x', value as object)
          logger.info('x', { error: Object.assign(new Error('x', { cause: value }), { value }) })
          logger.info('x', { error: copyOf(Object.assign(new Error('x', { cause: value }), { value })) })
        })
        const [direct, copied, , error, copiedError] = written.map(({ timestamp, ...line }) => line)
        expect(copied).toEqual(direct)
        const withoutStack = (line: object | undefined) =>
          JSON.parse(JSON.stringify(line, (key, it) => (key === 'stack' || key === 'location' ? '' : it)))
        expect(withoutStack(copiedError)).toEqual(withoutStack(error))
      }),
      { numRuns: 300 },
    )
  })

  test('does not follow what is changed afterwards, at any depth', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const value = JSON.parse(json) as unknown
        const copy = copyOf(value, Number.POSITIVE_INFINITY)
        spoil(value)
        expect(JSON.stringify(copy)).toBe(JSON.stringify(JSON.parse(json)))
      }),
    )
  })

  test('is as large as it says, and no larger than it may be', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.integer({ min: 50, max: 2000 }), (json, most) => {
        const { value, bytes } = snapshotOf(JSON.parse(json), most)
        // What is not ASCII takes up to six characters of JSON for each that it has, and every cut says so once.
        expect(JSON.stringify(value).length).toBeLessThan(6 * most + 200)
        expect(bytes).toBeGreaterThan(0)
      }),
    )
  })

  test('walks nothing endless', () => {
    let read = 0
    const endless = new Proxy([], {
      get: (target, key) => {
        if (key === 'length') return 2 ** 31
        if (typeof key === 'string' && /^\d+$/.test(key)) return read++
        return Reflect.get(target, key)
      },
    })
    copyOf({ endless })
    expect(read).toBeLessThan(5000)
    const map = new Map(Array.from({ length: 100_000 }, (_, i) => [i, i]))
    expect((copyOf(map) as Map<unknown, unknown>).size).toBeLessThan(3000)
    let deep: unknown = {}
    for (let i = 0; i < 100_000; i++) deep = { deep }
    expect(JSON.stringify(copyOf(deep)).length).toBeLessThan(500)
  })

  test('of an Error is an Error of its class, whose stack is made when it is read', () => {
    class Refused extends TypeError {
      readonly code = 7
      override readonly name = 'Refused'
    }
    const { prepareStackTrace } = Error
    let made = 0
    Error.prepareStackTrace = (error) => `${error.name} ${++made}`
    try {
      const error = new Refused('no', { cause: new AggregateError([new Error('inner')]) })
      const copy = copyOf(error) as Refused & { cause: AggregateError }
      expect(copy).not.toBe(error)
      expect(copy).toBeInstanceOf(Refused)
      expect(Object.keys(copy)).toEqual(Object.keys(error))
      expect([copy.message, copy.code, copy.cause.errors[0].message]).toEqual(['no', 7, 'inner'])
      expect(copy.stack).toBe(error.stack)
    } finally {
      Error.prepareStackTrace = prepareStackTrace
    }
  })
})

test('what is flat needs no copy', () => {
  expect(isFlat({ a: 1, b: 'x', c: undefined })).toBe(true)
  expect(isFlat({})).toBe(true)
  expect(isFlat({ a: 1, b: { c: 1 } })).toBe(false)
})

/** Changes all that can be changed in it. */
const spoil = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key]
    spoil(inner)
    ;(value as Record<string, unknown>)[key] = 'spoilt'
  }
  ;(value as Record<string, unknown>).spoilt = true
}
