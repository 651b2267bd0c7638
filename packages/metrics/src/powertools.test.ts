import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { lambda, resource } from '@fnware/core'
import { http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent, yields } from '@fnware/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { declared, written } from '../test/written.ts'
import { metrics, type MetricUnit as Unit } from './index.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** What Powertools writes of an instance of its own. */
const byPowertools = async (fn: (mine: Metrics) => void, options: object = {}) => {
  const { logs } = await collectLogs(() => fn(new Metrics({ namespace: 'shop', serviceName: 'orders', ...options })))
  return logs.text
}
const { metrics: names, dimensions } = declared
const common = { metrics: names, dimensions }

describe('our lines are Powertools’ to the letter', () => {
  const unit = { placed: 'Count', latency: 'Milliseconds', size: 'Bytes' } as const
  const name = fc.constantFrom('placed', 'latency', 'size')
  const value = fc.double({ min: -(2 ** 360), max: 2 ** 360, noNaN: true })
  const text = fc
    .string({ unit: 'binary-ascii', maxLength: 20 })
    .map((it) => it.replaceAll(/[^\x20-\x7e]/g, '"'))
    .filter((it) => it.trim() !== '')

  test('for any values, dimensions and metadata', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 60 }),
        fc.option(fc.tuple(text, fc.option(text))),
        fc.dictionary(
          fc
            .string()
            .filter(
              (key) =>
                !(key in Object.prototype) &&
                !(key in unit) &&
                !['service', 'stage', 'tenant', 'region', '_aws'].includes(key) &&
                !/^\d+$/.test(key),
            ),
          fc.jsonValue({ maxDepth: 2 }),
          { maxKeys: 3 },
        ),
        fc.option(text),
        async (values, set, metadata, stage) => {
          const defaultDimensions = stage === null ? {} : { stage }
          const [tenant, region] = set ?? []
          const dims = { ...(tenant && { tenant }), ...(region && { region }) }
          const theirs = await byPowertools(
            (mine) => {
              if (Object.keys(dims).length > 0) mine.addDimensions(dims)
              for (const [name, value] of values) mine.addMetric(name, unit[name], value, name === 'latency' ? 1 : 60)
              for (const [key, value] of Object.entries(metadata)) mine.addMetadata(key, value as string)
              mine.publishStoredMetrics()
            },
            { defaultDimensions },
          )
          const { logs } = await written(() =>
            lambda()
              .use(metrics({ ...declared, defaultDimensions }))
              .handle(({ metrics }) => {
                metrics.dimensions(dims)
                for (const [name, value] of values) metrics.add(name, value)
                for (const [key, value] of Object.entries(metadata)) metrics.metadata(key, value)
              })({}, fakeContext()),
          )
          expect(logs.text).toEqual(theirs)
          expect(logs.text).toHaveLength(1)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('for every unit', async () => {
    const all = Object.values(MetricUnit)
    const named = Object.fromEntries(all.map((unit, index) => [`m${index}`, unit])) as Record<string, Unit>
    const theirs = await byPowertools((mine) => {
      for (const [name, unit] of Object.entries(named)) mine.addMetric(name, unit, 1)
      mine.publishStoredMetrics()
    })
    const { logs } = await written(() =>
      lambda()
        .use(metrics({ ...declared, metrics: named }))
        .handle(({ metrics }) => {
          for (const name of Object.keys(named)) metrics.add(name, 1)
        })({}, fakeContext()),
    )
    expect(logs.text).toEqual(theirs)
  })
})

test.each([undefined, ' told '])('a cold start is told as Powertools tells it, once: %j', async (told) => {
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand')
  if (told) vi.stubEnv('POWERTOOLS_METRICS_FUNCTION_NAME', told)
  const theirs = await byPowertools((mine) => mine.captureColdStartMetric('f'), {
    defaultDimensions: { stage: 'live' },
  })
  vi.resetModules()
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('fnware.first')]
  const { lambda } = await import('@fnware/core')
  const { metrics } = await import('./index.ts')
  const { logs } = await written(async () => {
    const handler = lambda()
      .use(metrics({ ...declared, defaultDimensions: { stage: 'live' }, coldStart: true }))
      .handle(() => {})
    await Promise.all([1, 2, 3].map(() => handler({}, fakeContext({ functionName: 'f' }))))
  })
  expect(logs.text).toEqual(theirs)
  expect(logs.text).toHaveLength(1)
})

describe('a Metrics of Powertools that is there already', () => {
  test('has its namespace, service, default dimensions, and writes itself', async () => {
    class Mine extends Metrics {
      override serializeMetrics(): ReturnType<Metrics['serializeMetrics']> {
        return { ...super.serializeMetrics(), mine: 'yes' }
      }
    }
    const mine = new Mine({ namespace: 'theirs', serviceName: 'billing', defaultDimensions: { stage: 'live' } })
    const handler = lambda()
      .use(metrics(mine, common))
      .handle(({ metrics }) => {
        metrics.add('placed', 1)
        metrics.add('latency', 2)
        metrics.add('placed', 3)
        metrics.dimensions({ tenant: 'a' })
        metrics.metadata('order', { id: 1 })
        metrics.timestamp(Date.now() - 1000)
        metrics.with({ region: 'eu' }).add('placed', 4)
      })
    const { stored } = await written(() => handler({}, fakeContext()))
    const rest = { namespace: 'theirs', timestamp: Date.now() - 1000 }
    const dimensions = { service: 'billing', stage: 'live', tenant: 'a' }
    expect(stored.metrics).toEqual([
      { ...rest, name: 'placed', unit: 'Count', resolution: 60, values: [1, 3], dimensions },
      { ...rest, name: 'latency', unit: 'Milliseconds', resolution: 1, values: [2], dimensions },
      {
        ...rest,
        name: 'placed',
        unit: 'Count',
        resolution: 60,
        values: [4],
        dimensions: { ...dimensions, region: 'eu' },
      },
    ])
    expect(stored.json).toMatchObject([
      { mine: 'yes', order: { id: 1 } },
      { mine: 'yes', order: { id: 1 } },
    ])
  })

  test('that holds something of a user’s writes that first, as it is, and keeps nothing', async () => {
    const mine = new Metrics({ namespace: 'theirs' })
    const handler = lambda()
      .use(metrics(mine, common))
      .handle(({ metrics }) => {
        mine.addDimension('own', 'x').addMetric('own metric', 'Count', 5)
        metrics.add('placed', 1)
        metrics.add('latency', 1)
        mine.addMetadata('mine', 'yes')
      })
    const { stored } = await written(() => handler({}, fakeContext()))
    expect(stored.metrics.map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ['own metric', { service: 'service_undefined', own: 'x' }],
      ['placed', { service: 'service_undefined' }],
      ['latency', { service: 'service_undefined' }],
    ])
    expect(mine.hasStoredMetrics()).toBe(false)
    mine.addDimension('stale', 'x')
    const { stored: next } = await written(() =>
      lambda()
        .use(metrics(mine, common))
        .handle(({ metrics }) => metrics.add('placed', 1))({}, fakeContext()),
    )
    expect(next.metrics.map(({ dimensions }) => dimensions)).toEqual([{ service: 'service_undefined' }])
    expect(stored.json[1]).not.toHaveProperty('mine')
  })

  test('splits with all dimensions on every line, and loses nothing', async () => {
    const mine = new Metrics({ namespace: 'theirs' })
    const named = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`m${i}`, 'Count'] as const))
    const handler = lambda()
      .use(metrics(mine, { metrics: named, dimensions: ['tenant'] }))
      .handle(({ metrics }) => {
        metrics.dimensions({ tenant: 'a' })
        for (let i = 0; i < 150; i++) metrics.add(`m${i}`, i)
        for (let i = 1; i < 250; i++) metrics.add('m0', i)
      })
    const { stored } = await written(() => handler({}, fakeContext()))
    for (const { dimensions } of stored.metrics) expect(dimensions).toMatchObject({ tenant: 'a' })
    const all = (name: string) => stored.metrics.flatMap((it) => (it.name === name ? it.values : []))
    expect(all('m0')).toEqual(Array.from({ length: 250 }, (_, i) => i))
    expect(all('m149')).toEqual([149])
  })

  test('tells outcomes and health by sets of dimensions of their own', async () => {
    const mine = new Metrics({ namespace: 'theirs', serviceName: 's' })
    const handler = lambda(http())
      .use(metrics(mine, { ...common, outcome: true, health: true }))
      .use(resource('db', { init: () => ({ health: { opened: 3 } }) }))
      .routes((r) => r.get('/orders/{id}', ({ metrics }) => metrics.dimensions({ tenant: 'a' })))
    const { stored } = await written(() => handler(httpApiEvent({ path: '/orders/1' }), fakeContext()))
    const all = { service: 's' }
    const route = { service: 's', route: 'GET /orders/{id}' }
    expect(stored.metrics.map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ...['Errors', 'Timeouts', 'Refused', 'Duration'].map((name) => [name, all]),
      ...['Errors', 'Timeouts', 'Refused', 'Duration'].map((name) => [name, route]),
      ['opened', { service: 's', resource: 'db' }],
    ])
    const { stored: missed } = await written(() => handler(httpApiEvent({ path: '/' }), fakeContext()))
    expect(missed.metrics.map(({ dimensions }) => dimensions)).toEqual([all, all, all, all])
  })

  test('and of which 64 invocations at once make use, keeps them apart', async () => {
    const mine = new Metrics({ namespace: 'theirs', serviceName: 's' })
    const handler = lambda<{ tenant: string }>()
      .use(metrics(mine, common))
      .handle(async ({ event, metrics }) => {
        metrics.dimensions({ tenant: event.tenant })
        metrics.add('placed', Number(event.tenant))
        await yields()
        metrics.add('size', Number(event.tenant))
        await yields()
        metrics.metadata('mark', event.tenant)
      })
    const { stored } = await written(() =>
      Promise.all(Array.from({ length: 64 }, (_, i) => handler({ tenant: `${i}` }, fakeContext()))),
    )
    expect(stored.metrics).toHaveLength(128)
    for (const { values, dimensions } of stored.metrics)
      expect(dimensions).toEqual({ service: 's', tenant: `${values[0]}` })
    for (const json of stored.json) expect(json.mark).toBe(json.tenant)
  })

  test('that refuses is told, and harms nothing', async () => {
    const mine = new Metrics({ namespace: 'theirs', defaultDimensions: { placed: 'x' } })
    const handler = lambda()
      .use(metrics(mine, common))
      .handle(({ metrics }) => {
        metrics.add('placed', 1)
        metrics.with({ tenant: 'a' }).add('latency', 1)
        return 'answer'
      })
    const { logs, stored } = await written(async () => expect(await handler({}, fakeContext())).toBe('answer'))
    expect(stored.metrics.map(({ name }) => name)).toEqual(['latency'])
    expect(logs.stderr).toMatch(/metrics: some could not be written\nError: EMF key collision on "placed"/)
  })

  test('counts its cold start itself', async () => {
    vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand')
    vi.resetModules()
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('fnware.first')]
    const { lambda } = await import('@fnware/core')
    const { metrics } = await import('./index.ts')
    const mine = new Metrics({ namespace: 'theirs' })
    const handler = lambda()
      .use(metrics(mine, { ...common, coldStart: true }))
      .handle(() => {})
    const { stored } = await written(async () => {
      await handler({}, fakeContext({ functionName: 'f' }))
      await handler({}, fakeContext({ functionName: 'f' }))
    })
    expect(stored.metrics).toMatchObject([{ name: 'ColdStart', dimensions: { function_name: 'f' }, values: [1] }])
  })
})
