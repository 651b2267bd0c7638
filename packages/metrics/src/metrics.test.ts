import { lambda } from '@fnware/core'
import { hide, reportTo } from '@fnware/core/extend'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { declared, recorded, written } from '../test/written.ts'
import { metrics } from './index.ts'

const service = 'orders'
type Recorded = Awaited<ReturnType<typeof recorded>>
const valuesOf = ({ stored }: Recorded) =>
  stored.metrics.map(({ name, values, dimensions }) => [name, values, dimensions])
const warnings = ({ logs }: Recorded) => logs.stderr.split('\n').filter(Boolean)

test('values by their names, in one line, with the unit and resolution that were declared', async () => {
  const { stored } = await recorded((metrics) => {
    metrics.add('placed', 2)
    metrics.add('latency', 12.5)
    metrics.add('placed', -0)
    metrics.add('latency', 2 ** 360)
  })
  const common = { namespace: 'shop', dimensions: { service }, timestamp: stored.metrics[0]?.timestamp }
  expect(stored.metrics).toEqual([
    { ...common, name: 'placed', unit: 'Count', resolution: 60, values: [2, 0] },
    { ...common, name: 'latency', unit: 'Milliseconds', resolution: 1, values: [12.5, 2 ** 360] },
  ])
  expect(stored.events).toHaveLength(1)
})

test('an invocation that adds nothing writes nothing', async () => {
  const { logs } = await recorded((metrics) => {
    metrics.dimensions({ tenant: 'a' })
    metrics.metadata('a', 1)
    metrics.with({ region: 'eu' })
  })
  expect(logs.text).toEqual([])
})

describe('dimensions', () => {
  test('are of all that the invocation adds, before and after, and the last holds', async () => {
    const it = await recorded((metrics) => {
      metrics.add('placed', 1)
      metrics.dimensions({ region: 'eu', tenant: 'a' })
      metrics.add('size', 5)
      metrics.dimensions({ tenant: 'b', region: undefined })
    })
    const dimensions = { service, region: 'eu', tenant: 'b' }
    expect(valuesOf(it)).toEqual([
      ['placed', [1], dimensions],
      ['size', [5], dimensions],
    ])
  })

  test('of their own are on what is added to them alone, beside those of all', async () => {
    const it = await recorded((metrics) => {
      const child = metrics.with({ tenant: 'a' })
      child.add('placed', 1)
      metrics.add('placed', 2)
      child.with({ region: 'us' }).add('placed', 3)
      metrics.with({ tenant: 'b' }).add('placed', 4)
      metrics.dimensions({ region: 'eu' })
    })
    expect(valuesOf(it)).toEqual([
      ['placed', [1], { service, region: 'eu', tenant: 'a' }],
      ['placed', [2], { service, region: 'eu' }],
      ['placed', [3], { service, region: 'us', tenant: 'a' }],
      ['placed', [4], { service, region: 'eu', tenant: 'b' }],
    ])
  })

  test('that are the same share a line, where nothing else differs', async () => {
    const at = Date.now() - 1000
    const it = await recorded((metrics) => {
      for (let i = 0; i < 3; i++) metrics.with({ tenant: 'a' }).add('placed', i)
      const changed = metrics.with({ tenant: 'a' })
      changed.dimensions({ tenant: 'b' })
      changed.add('placed', 3)
      const same = metrics.with({ tenant: 'a' })
      same.add('size', 1)
      same.add('placed', 4)
      same.add('placed', 5)
      const told = metrics.with({ tenant: 'a' })
      told.metadata('a', 1)
      told.add('placed', 6)
      const timed = metrics.with({ tenant: 'a' })
      timed.timestamp(at)
      timed.add('placed', 7)
    })
    expect(valuesOf(it)).toEqual([
      ['placed', [0, 1, 2, 4, 5], { service, tenant: 'a' }],
      ['size', [1], { service, tenant: 'a' }],
      ['placed', [6], { service, tenant: 'a' }],
      ['placed', [3], { service, tenant: 'b' }],
      ['placed', [7], { service, tenant: 'a' }],
    ])
  })

  test('of every metric may be set anew by an invocation', async () => {
    const { stored } = await recorded(
      (metrics) => {
        metrics.add('placed', 1)
        metrics.with({ region: 'us' }).add('placed', 2)
      },
      { ...declared, defaultDimensions: { region: 'eu', stage: 'live' } },
    )
    expect(stored.metrics.map(({ dimensions }) => dimensions)).toEqual([
      { service, region: 'eu', stage: 'live' },
      { service, region: 'us', stage: 'live' },
    ])
    // Of two with a name, JSON does not say which holds.
    for (const { message } of stored.events) expect(message.match(/"region":/g)).toHaveLength(1)
  })
})

test('metadata is on the lines of all that has the same invocation, or dimensions, and is no metric', async () => {
  const { stored } = await recorded((metrics) => {
    metrics.add('placed', 1)
    metrics.metadata('order', { id: 5n, at: new Date(0) })
    const child = metrics.with({ tenant: 'a' })
    child.metadata('child', ['x', '"'])
    child.add('placed', 2)
  })
  const order = { id: '5', at: '1970-01-01T00:00:00.000Z' }
  expect(stored.json).toEqual([
    { _aws: expect.anything(), order, service, placed: 1 },
    { _aws: expect.anything(), order, child: ['x', '"'], service, tenant: 'a', placed: 2 },
  ])
  expect(stored.metrics).toHaveLength(2)
})

test('no secret that is known is shown', async () => {
  hide(['hunter2-of-the-test', '66277353229'])
  const { logs, stored } = await recorded((metrics) => {
    metrics.dimensions({ tenant: 'x hunter2-of-the-test' })
    metrics.metadata('a', { b: ['hunter2-of-the-test'], c: new Error('x') })
    metrics.metadata('of hunter2-of-the-test', [66277353229, { 'hunter2-of-the-test': 1 }])
    metrics.add('placed', 1)
  })
  expect(stored.metrics).toMatchObject([{ dimensions: { tenant: 'x [redacted]' } }])
  expect(stored.json).toMatchObject([
    { a: { b: ['[redacted]'] }, 'of [redacted]': ['[redacted]', { '[redacted]': 1 }] },
  ])
  expect(logs.text.join()).not.toContain('hunter2')
})

test('a time of their own', async () => {
  const at = Date.now() - 60_000
  const it = await recorded((metrics) => {
    metrics.add('placed', 1)
    metrics.timestamp(new Date(at))
    const child = metrics.with({ tenant: 'a' })
    child.add('placed', 2)
    child.timestamp(at + 1)
    metrics.timestamp(5)
    metrics.timestamp(Number.NaN)
    metrics.timestamp('yesterday' as never)
    metrics.timestamp(new Date(Number.NaN))
  })
  expect(it.stored.metrics.map(({ timestamp }) => timestamp)).toEqual([at, at + 1])
  expect(warnings(it)).toEqual(['id-1: metrics: CloudWatch takes times from 14 days ago to 2 hours hence'])
})

describe('what CloudWatch would not take', () => {
  test.each([Number.NaN, Infinity, -Infinity, 1e109, -1e109])(
    'the value %d is left out, and told once',
    async (value) => {
      const it = await recorded((metrics) => {
        metrics.add('placed', value)
        metrics.add('latency', 1)
        metrics.add('placed', value)
      })
      expect(valuesOf(it)).toEqual([['latency', [1], { service }]])
      expect(warnings(it)).toEqual([
        `id-1: metrics: \`placed\` is left out: ${value} is no number that CloudWatch takes`,
      ])
    },
  )

  test.each([
    ['München', 'M%C3%BCnchen'],
    ['a\nb\u0000', 'a%0Ab%00'],
    ['\ud800', '%EF%BF%BD'],
    ['x'.repeat(2000), 'x'.repeat(1024)],
    ['☃'.repeat(2000), '%E2%98%83'.repeat(2000).slice(0, 1024)],
    [5 as never, '5'],
  ])('the value of a dimension %#', async (given, taken) => {
    const it = await recorded((metrics) => {
      metrics.dimensions({ tenant: given })
      metrics.add('placed', 1)
    })
    expect(valuesOf(it)).toEqual([['placed', [1], { service, tenant: taken }]])
    expect(warnings(it)).toEqual([
      'id-1: metrics: the dimension `tenant` is written changed: CloudWatch takes printable ASCII, and no secret is shown',
    ])
  })

  test.each(['', ' ', null as never, {} as never, (() => {}) as never])(
    'nothing for a dimension: %j',
    async (given) => {
      const it = await recorded((metrics) => {
        metrics.dimensions({ tenant: given, region: 'eu' })
        metrics.add('placed', 1)
      })
      expect(valuesOf(it)).toEqual([['placed', [1], { service, region: 'eu' }]])
      expect(warnings(it)).toEqual([
        'id-1: metrics: the dimension `tenant` is left out: it takes text, and not an empty one',
      ])
    },
  )

  test('names that were not declared, by who has no types', async () => {
    const it = await recorded((metrics) => {
      metrics.add('plased' as never, 1)
      metrics.dimensions({ tennant: 'a' } as never)
      metrics.metadata('tenant', 'a')
      metrics.metadata('_aws', 'a')
      metrics.add('placed', 1)
    })
    expect(valuesOf(it)).toEqual([['placed', [1], { service }]])
    expect(warnings(it)).toEqual([
      'id-1: metrics: there is no metric `plased`: did you mean `placed`?',
      'id-1: metrics: there is no dimension `tennant`: did you mean `tenant`?',
      'id-1: metrics: the metadata `tenant` is left out: a metric, a dimension or EMF itself has that name',
      'id-1: metrics: the metadata `_aws` is left out: a metric, a dimension or EMF itself has that name',
    ])
  })
})

test('warnings go where the invocation’s troubles do, and one that goes on and on does not fill the log', async () => {
  const told: unknown[] = []
  const handler = lambda()
    .use((ctx, next) => {
      reportTo(ctx, (level, message) => told.push([level, message]))
      return next()
    })
    .use(metrics({ ...declared, metrics: { placed: 'Count' } }))
    .handle(({ metrics }) => {
      for (let i = 0; i < 1000; i++) metrics.add(`name-${i}` as never, 1)
    })
  const { logs } = await written(() => handler({}, fakeContext()))
  expect(logs.text).toEqual([])
  expect(told).toHaveLength(20)
  expect(told[1]).toEqual(['warn', 'metrics: there is no metric `name-1`: there is `placed`'])
})

test('what is given to metrics() may change afterwards', async () => {
  const dimensions: 'tenant'[] = ['tenant', 'tenant']
  const defaultDimensions: Record<string, string> = { stage: 'live' }
  const names: Record<string, 'Count'> = { placed: 'Count' }
  const made = metrics({ namespace: 'shop', metrics: names, dimensions, defaultDimensions })
  dimensions.length = 0
  defaultDimensions.stage = 'ü'
  names.other = 'Count'
  const { stored } = await written(() =>
    lambda()
      .use(made)
      .handle(({ metrics }) => {
        metrics.dimensions({ tenant: 'a' })
        metrics.add('placed', 1)
        metrics.add('other', 1)
      })({}, fakeContext()),
  )
  expect(stored.metrics).toMatchObject([{ name: 'placed', dimensions: { stage: 'live', tenant: 'a' } }])
})
