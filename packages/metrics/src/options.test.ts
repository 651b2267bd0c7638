import { Metrics } from '@aws-lambda-powertools/metrics'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { declared, recorded, written } from '../test/written.ts'
import { metrics } from './index.ts'

const { metrics: names, dimensions } = declared
const bare = { metrics: names, dimensions }
const made = (options: object) => () => metrics({ ...declared, ...options } as never)

describe('options are checked where they are given', () => {
  test.each<[object, string]>([
    [{ namespase: 'x' }, 'metrics(): there is no option `namespase`: did you mean `namespace`?'],
    [
      { namespace: '' },
      'metrics(): the namespace "" must have 1 to 255 letters, digits, spaces and `._-/#:`, no colon in front',
    ],
    [{ namespace: ':x' }, 'metrics(): the namespace ":x" must have'],
    [{ namespace: 'ü' }, 'metrics(): the namespace "ü" must have'],
    [{ namespace: 'x\n' }, 'metrics(): the namespace "x\\n" must have'],
    [{ namespace: 'n'.repeat(256) }, 'must have 1 to 255'],
    [{ namespace: 'AWS/Lambda' }, 'metrics(): the namespace "AWS/Lambda" is one of AWS’s own'],
    [{ service: ' ' }, 'metrics(): `service` must have 1 to 1024 printable ASCII characters'],
    [{ service: 5 }, 'metrics(): `service` must be a string'],
    [
      { defaultDimensions: { stage: 'ü' } },
      'metrics(): the dimension `stage` must have 1 to 1024 printable ASCII characters',
    ],
    [{ defaultDimensions: { stage: 5 } }, 'metrics(): the dimension `stage` must have'],
    [
      { defaultDimensions: { ':x': 'x' } },
      'metrics(): ":x" cannot be the name of a dimension, which has 1 to 250 printable',
    ],
    [{ dimensions: ['ü'] }, 'metrics(): "ü" cannot be the name of a dimension'],
    [{ dimensions: [5] }, 'metrics(): a number cannot be the name of a dimension'],
    [{ dimensions: ['d'.repeat(251)] }, 'cannot be the name of a dimension'],
    [{ dimensions: 'tenant' }, 'metrics(): `dimensions` must be an array'],
    [{ metrics: undefined }, 'metrics(): `metrics` names every metric and its unit'],
    [{ metrics: { '': 'Count' } }, 'metrics(): "" cannot be the name of a metric'],
    [{ metrics: { _aws: 'Count' } }, 'metrics(): "_aws" cannot be the name of a metric'],
    [{ metrics: { 'a\tb': 'Count' } }, 'metrics(): "a\\tb" cannot be the name of a metric'],
    [{ metrics: { ['m'.repeat(256)]: 'Count' } }, 'cannot be the name of a metric'],
    [
      { metrics: { placed: 'Counts' } },
      'metrics(): the metric `placed`: there is no unit `Counts`: did you mean `Count`?',
    ],
    [
      { metrics: { placed: { unit: 'count' } } },
      'metrics(): the metric `placed`: there is no unit `count`: did you mean `Count`?',
    ],
    [{ metrics: { placed: {} } }, 'metrics(): the metric `placed`: there is no unit `undefined`'],
    [
      { metrics: { placed: { unit: 'Count', resolution: 1 } } },
      'metrics(): the metric `placed`: `resolution` must be a string',
    ],
    [
      { metrics: { placed: { unit: 'Count', resolution: 'fine' } } },
      'metrics(): the metric `placed`: `resolution` must be `standard` or `high`',
    ],
    [
      { metrics: { placed: { unti: 'Count' } } },
      'metrics(): the metric `placed`: there is no option `unti`: did you mean `unit`?',
    ],
    [{ metrics: { tenant: 'Count' } }, 'metrics(): `tenant` is both a metric and a dimension: rename one'],
    [{ metrics: { service: 'Count' } }, 'metrics(): `service` is both a metric and a dimension: rename one'],
    [
      { metrics: { Errors: 'Count' }, outcome: true },
      'metrics(): `Errors` is written by `outcome` already: rename yours',
    ],
    [
      { metrics: { ColdStart: 'Count' }, coldStart: true },
      'metrics(): `ColdStart` is written by `coldStart` already: rename yours',
    ],
    [
      { defaultDimensions: { Duration: 'x' }, outcome: true },
      'metrics(): `Duration` is written by `outcome`, and is a dimension: rename that',
    ],
    [{ coldStart: 1 }, 'metrics(): `coldStart` must be true or false'],
  ])('%j', (options, message) => {
    expect(made(options)).toThrow(TypeError)
    expect(made(options)).toThrow(message)
  })

  test('those of Powertools stay with it', () => {
    const mine = new Metrics({ namespace: 'x' })
    expect(() => metrics(mine, { ...declared } as never)).toThrow('metrics(): there is no option `namespace`')
    expect(() => metrics(mine.singleMetric(), bare)).toThrow(
      'metrics(): a Metrics with `singleMetric` writes each metric',
    )
    expect(() => metrics(mine, undefined as never)).toThrow('metrics(): `metrics` names every metric and its unit')
    expect(() => metrics({ metrics: mine } as never)).toThrow(
      'metrics(): a Metrics of Powertools goes before the options: metrics(mine, { … })',
    )
    expect(() =>
      lambda()
        .use(metrics as never)
        .handle(() => {}),
    ).not.toThrow()
  })
})

describe('environment variables', () => {
  afterEach(() => vi.unstubAllEnvs())
  const one = (options: Parameters<typeof recorded>[1] = bare) =>
    recorded((metrics) => {
      metrics.with({ tenant: 'a' }).add('placed', 1)
      metrics.dimensions({ region: 'eu' })
      metrics.metadata('a', 1)
      metrics.timestamp(Date.now())
    }, options)

  test('say namespace and service, where nothing else does', async () => {
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', ' theirs ')
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'billing')
    const { stored } = await one()
    expect(stored.metrics).toMatchObject([{ namespace: 'theirs', dimensions: { service: 'billing' } }])
    expect((await one(declared)).stored.metrics).toMatchObject([
      { namespace: 'shop', dimensions: { service: 'orders' } },
    ])
  })

  test('that are not there: as Powertools has it, and told', async () => {
    const { stored, logs } = await one()
    expect(stored.metrics).toMatchObject([
      { namespace: 'default_namespace', dimensions: { service: 'service_undefined' } },
    ])
    expect(logs.stderr).toBe(
      'id-1: metrics(): there is no `namespace`, and no POWERTOOLS_METRICS_NAMESPACE: they go to `default_namespace`\n',
    )
    const handler = lambda()
      .use(metrics(bare))
      .handle(() => 1)
    const twice = await written(() => Promise.all([handler({}, fakeContext()), handler({}, fakeContext())]))
    expect(twice.logs.text).toHaveLength(1)
  })

  test('that are wrong are told', async () => {
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'ü')
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'perhaps')
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'München')
    const { stored, logs } = await one()
    expect(stored.metrics).toMatchObject([{ namespace: 'default_namespace', dimensions: { service: 'M%C3%BCnchen' } }])
    expect(logs.stderr).toMatch(/POWERTOOLS_METRICS_NAMESPACE: the namespace "ü" must have/)
    expect(logs.stderr).toMatch(/POWERTOOLS_METRICS_DISABLED must be true or false, not perhaps/)
  })

  test.each<[Record<string, string>, boolean]>([
    [{ POWERTOOLS_METRICS_DISABLED: 'true' }, false],
    [{ POWERTOOLS_METRICS_DISABLED: ' ON ' }, false],
    [{ POWERTOOLS_METRICS_DISABLED: '0' }, true],
    [{ POWERTOOLS_DEV: 'true' }, false],
    [{ POWERTOOLS_DEV: '1', POWERTOOLS_METRICS_DISABLED: 'false' }, true],
    [{ POWERTOOLS_DEV: 'no' }, true],
  ])('switch it off, as of Powertools: %j', async (env, isWritten) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const everything = { ...declared, coldStart: true, outcome: true, health: true }
    const { stored } = await one(everything)
    expect(stored.metrics.some(({ name }) => name === 'placed')).toBe(isWritten)
    expect(stored.metrics.length > 0).toBe(isWritten)
    const mine = new Metrics({ namespace: 'x' })
    const { stored: theirs } = await written(() =>
      lambda()
        .use(metrics(mine, { ...bare, outcome: true }))
        .handle(({ metrics }) => metrics.add('placed', 1))({}, fakeContext()),
    )
    expect(theirs.metrics.length > 0).toBe(isWritten)
  })
})
