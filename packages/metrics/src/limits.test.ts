import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { written } from '../test/written.ts'
import { type Metrics, metrics } from './index.ts'

const many = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`)
const names = many(250, 'm')
const dimensions = many(29, 'd')

const all = (fn: (metrics: Metrics<string, string>) => void) =>
  written(() =>
    lambda()
      .use(
        metrics({
          namespace: 'shop',
          metrics: Object.fromEntries(names.map((it) => [it, 'Count'] as const)),
          dimensions,
        }),
      )
      .handle(({ metrics }) => fn(metrics))({}, fakeContext()),
  )

test('100 metrics and 100 values go in a line, and more in several', async () => {
  const lines = async (metricsCount: number, valuesCount: number) => {
    const { stored } = await all((metrics) => {
      for (let value = 0; value < valuesCount; value++)
        for (const name of names.slice(0, metricsCount)) metrics.add(name, value)
    })
    return stored.json.length
  }
  expect(await lines(100, 100)).toBe(1)
  expect(await lines(101, 1)).toBe(2)
  expect(await lines(1, 101)).toBe(2)
  expect(await lines(1, 200)).toBe(2)
  expect(await lines(1, 201)).toBe(3)
  expect(await lines(101, 101)).toBe(4)
})

test('nothing is lost and nothing is written twice, however much is added to what', async () => {
  const name = fc.nat(names.length - 1).map((index) => names[index] as string)
  const several = fc.tuple(name, fc.oneof(fc.constant(1), fc.nat(320)), fc.option(fc.constantFrom('a', 'b')))
  await fc.assert(
    fc.asyncProperty(fc.array(several, { maxLength: 150 }), async (added) => {
      const expected = new Map<string, number[]>()
      let next = 0
      const { stored } = await all((metrics) => {
        for (const [name, count, d0] of added)
          for (let i = 0; i < count; i++) {
            const of = expected.get(`${name} ${d0}`) ?? []
            expected.set(`${name} ${d0}`, of)
            of.push(next)
            ;(d0 === null ? metrics : metrics.with({ d0 })).add(name, next++)
          }
      })
      const found = new Map<string, number[]>()
      for (const { name, values, dimensions } of stored.metrics) {
        const key = `${name} ${dimensions.d0 ?? null}`
        found.set(key, [...(found.get(key) ?? []), ...values])
      }
      expect(found).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

test('30 dimensions, with the service', async () => {
  const { stored } = await all((metrics) => {
    metrics.dimensions(Object.fromEntries(dimensions.map((it) => [it, 'x'.repeat(1024)])))
    for (const name of names) metrics.add(name, 1)
  })
  expect(Object.keys(stored.metrics[0]?.dimensions ?? {})).toHaveLength(30)
  const metric = { namespace: 'shop', metrics: { placed: 'Count' } } as const
  const where = 'metrics(): CloudWatch takes 30 dimensions, and these are 31 with `service`: leave some out'
  expect(() => metrics({ ...metric, dimensions: many(30, 'd') })).toThrow(where)
  const defaultDimensions = Object.fromEntries(many(10, 'x').map((it) => [it, 'x']))
  expect(() => metrics({ ...metric, defaultDimensions, dimensions: many(20, 'd') })).toThrow(where)
  metrics({ ...metric, defaultDimensions, dimensions: many(19, 'd') })
  metrics({ ...metric, defaultDimensions, dimensions: [...many(19, 'd'), 'x1', 'service'] })
})

test('the largest line that there may be is none that CloudWatch cuts', async () => {
  const long = (index: number) => `${index}`.padEnd(255, '"')
  const named = Object.fromEntries(many(100, '').map((_, index) => [long(index), 'Kilobits/Second'] as const))
  const sets = Object.fromEntries(many(29, '').map((_, index) => [`${index}`.padEnd(250, '\\'), '"'.repeat(1024)]))
  const handler = lambda()
    .use(metrics({ namespace: 'n'.repeat(255), metrics: named, dimensions: Object.keys(sets) }))
    .handle(({ metrics }) => {
      metrics.dimensions(sets)
      metrics.metadata('large', '\u0000☃'.repeat(50_000))
      metrics.metadata('small', 'x'.repeat(40_000))
      metrics.metadata('too much', 'x'.repeat(300_000))
      for (const name of Object.keys(named))
        for (let i = 0; i < 100; i++) metrics.add(name, -Math.PI * 1e-100 * (i + 1))
    })
  const { stored, logs } = await written(() => handler({}, fakeContext({ awsRequestId: 'id-1' })))
  expect(stored.json).toHaveLength(1)
  expect(Object.keys(stored.json[0] ?? {})).toEqual(expect.arrayContaining(['large', 'small']))
  expect(logs.stderr).toBe('id-1: metrics: the metadata `too much` is left out: more than 500000 bytes\n')
})

test('metadata of 10 MB costs no metric', async () => {
  const { stored, logs } = await all((metrics) => {
    metrics.add('m1', 1)
    metrics.metadata('text', 'x'.repeat(10_000_000))
    metrics.metadata('object', { text: '"'.repeat(5_000_000) })
    metrics.metadata('fits', 1)
  })
  expect(stored.metrics).toMatchObject([{ name: 'm1', values: [1] }])
  expect(stored.json).toMatchObject([{ fits: 1 }])
  expect(logs.stderr).toMatch(/the metadata `text` is left out/)
  expect(logs.stderr).toMatch(/the metadata `object` is left out/)
})
