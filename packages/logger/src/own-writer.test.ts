import { Logger as Powertools } from '@aws-lambda-powertools/logger'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Extra, type LoggerOptions, logger } from './index.ts'

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical'
/** What both loggers take. */
type Logging = Readonly<Record<Level, (message: string, extra?: Extra) => void>>
type Run = (logger: Logging) => void

const context = fakeContext({ awsRequestId: 'id-1', functionName: 'orders', tenantId: 'blue' } as object)

/** As Powertools' own logger writes it, with the environment as it is. */
const theirs = async (run: Run, more: object = {}) => {
  const { logs } = await collectLogs(() => {
    const powertools = new Powertools({ logLevel: 'TRACE' })
    // Its first context is a cold start's.
    for (let i = 0; i < 2; i++) powertools.addContext(context)
    powertools.appendKeys({ correlation_id: 'id-1', ...more })
    run(powertools as unknown as Logging)
  })
  // Its two streams, in the order in which they were written.
  return logs.text
}
/** As ours does, by itself or through one of theirs. */
const ours = async (run: Run, options: LoggerOptions = {}) => {
  const { logs } = await collectLogs(async () => {
    const handler = lambda()
      .use(logger({ level: 'TRACE', ...options, completion: false }))
      .handle(({ logger }) => run(logger))
    await handler({}, context)
  })
  expect(logs.stderr).toBe('')
  return logs.text
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 1, 3, 4, 5, 6, 7) })
})
// What comes first in this process is a cold start.
beforeEach(() => ours(() => {}))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

class Mine extends Error {
  override readonly name = 'Mine'
  readonly code = 7
}
const inner = new Mine('inner "quoted"\n')
const thrown = new TypeError('outer', { cause: new Error('middle', { cause: inner }) })
const circle = new Error('its own cause')
circle.cause = { circle: 'none' }

const texts = [
  '',
  ' ',
  'plain',
  '"quoted" \\ back',
  'tab\tline\nend\r\u0000\u001f\u007f',
  'Grüße, 世界 🎉 \u2028\u2029',
]
const lonely = ['\ud800', 'a\udc00b', '\udbff\udbff', `${'x'.repeat(200)}\ud83d`]
const fields: Readonly<Record<string, object>> = {
  nothing: {},
  scalars: { a: 1, b: -0, c: 1e21, d: 0.1 + 0.2, e: true, f: false, g: 'text', h: 5n, i: 2n ** 80n },
  'what is empty': { a: undefined, b: null, c: '', d: 0, e: false, nested: { a: null, b: '', c: undefined } },
  'what JSON has no word for': { a: Number.NaN, b: Number.POSITIVE_INFINITY, fn: () => 1, symbol: Symbol('s') },
  'lists and objects': { list: [1, null, { a: '' }, [undefined, () => 1]], nested: { deep: { er: [{}] } } },
  'whole numbers for keys': { b: 1, 7: 'seven', 0: 'zero', a: 2, '007': 'bond' },
  'keys that need an escape': { 'a"b': 1, 'c\\d': 2, 'e\nf': 3, '\ud800': 4, ключ: 5, '': 6, ' ': 7 },
  'keys of the head': { cold_start: 'mine', function_name: undefined, tenant_id: '', xray_trace_id: 'x', a: 1 },
  'the correlation id': { correlation_id: 'another', z: 1 },
  dates: { at: new Date(0), nested: { at: new Date(1e12) } },
  'what writes itself': {
    a: { toJSON: () => 'text' },
    b: { toJSON: () => ({ c: 1 }) },
    url: new URL('https://a.b/c?d'),
  },
  'a client’s prototype': JSON.parse('{"__proto__":{"a":1},"b":2}') as object,
  errors: { thrown, list: [inner, new RangeError('in a list')], nested: { inner } },
  'an error beside': Object.assign(new Mine('said'), { details: { a: 1 } }),
  'an error with causes': thrown,
  'an error whose cause is no error': circle,
  'boxed values': { a: Object('text'), b: Object(5), c: Object(true) },
  'an instance': new (class Point {
    readonly x = 1
    readonly hidden = () => 1
    get computed() {
      return 2
    }
  })(),
  'no prototype': Object.assign(Object.create(null), { a: 1 }) as object,
  text: Object.fromEntries([...texts, ...lonely].map((text, i) => [`t${i}`, text])),
}
const writesAll: Run = (logger) => {
  for (const level of ['debug', 'info', 'warn', 'error', 'critical'] as const) logger[level](level, { n: 1 })
  for (const text of [...texts, ...lonely]) logger.info(text)
  for (const [name, extra] of Object.entries(fields)) logger.info(name, extra)
}

describe('is byte for byte what Powertools’ own logger writes', () => {
  test.each(['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const)('at %s', async (level) => {
    const run: Run = (logger) => logger[level]('said', { a: 1 })
    expect(await ours(run)).toEqual(await theirs(run))
  })

  test.each(Object.entries(fields))('with %s', async (_, extra) => {
    const run: Run = (logger) => logger.error('said', extra)
    const [line, ...more] = await ours(run)
    expect(more).toEqual([])
    expect([line]).toEqual(await theirs(run))
  })

  test.each([...texts, ...lonely])('with the message %j', async (text) => {
    const run: Run = (logger) => logger.info(text, { text })
    expect(await ours(run)).toEqual(await theirs(run))
  })

  test('with keys that stay, and those that take their place', async () => {
    const keys = { team: 'blue', nested: { a: 1 }, error: inner, 5: 'five' }
    const run: Run = (logger) => {
      logger.info('said')
      logger.info('said', { team: 'red', more: 1 })
      logger.info('said', { team: undefined, 5: null })
      logger.error('said', thrown)
    }
    expect(await ours(run, { keys })).toEqual(await theirs(run, keys))
  })

  test.each<Readonly<Record<string, string>>>([
    { POWERTOOLS_SERVICE_NAME: ' named ', _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' },
    { POWERTOOLS_SERVICE_NAME: '  ', _X_AMZN_TRACE_ID: '' },
    { TZ: '' },
    { TZ: ':UTC' },
    { TZ: 'Asia/Kolkata' },
    { TZ: 'America/New_York' },
    { TZ: 'Australia/Sydney' },
    { TZ: 'Asia/Kathmandu', POWERTOOLS_DEV: '1' },
    ...['true', 'Y', ' on ', 'false', '0', 'maybe'].map((POWERTOOLS_DEV) => ({ POWERTOOLS_DEV })),
  ])('in the environment %o', async (env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    for (const now of [Date.UTC(2026, 6, 31, 23, 59, 59, 999), Date.UTC(2028, 1, 29, 0, 0, 0, 0), 40, 1]) {
      vi.setSystemTime(now)
      expect(await ours(writesAll)).toEqual(await theirs(writesAll))
    }
  })
})

test('is what is written through a Powertools logger, too', async () => {
  const run: Run = (logger) => {
    writesAll(logger)
    logger.info('a Map and a Set', { map: new Map([['a', 1]]), set: new Set([1]), bytes: new Uint8Array(3) })
    logger.info('keys of its own', { level: 'gold', message: 'inner', service: 5, extra: 'text' })
    logger.error('several', new AggregateError([inner, thrown], 'all'))
    logger.info('secrets', {
      password: 'hush',
      list: [{ name: 'token', value: 'hush' }],
      name: 'cookie',
      value: 'hush',
    })
    logger.info('long', {
      long: 'x'.repeat(2_000_000),
      list: Array(20_000).fill('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    })
  }
  const { result: powertools } = await collectLogs(() => new Powertools())
  expect(await ours(run)).toEqual(await ours(run, { logger: powertools }))
})

test('names the service that it is given', async () => {
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'other')
  const [line] = await ours((logger) => logger.info('x'), { service: 'mine' })
  expect(line).toContain('"service":"mine"')
  expect(line).not.toContain('other')
})

test('gives the hours west of UTC that are no whole ones', async () => {
  vi.stubEnv('TZ', 'America/St_Johns')
  // Powertools says -04:30.
  const [line] = await ours((logger) => logger.info('x'))
  expect(line).toContain('"timestamp":"2026-02-03T00:35:06.007-03:30"')
})

test('tells the milliseconds of every line', async () => {
  const told: unknown[] = []
  for (let ms = 995; ms < 1105; ms++) {
    vi.setSystemTime(ms)
    const [line] = await ours((logger) => logger.info('x'))
    told.push(JSON.parse(line as string).timestamp)
    expect(told.at(-1)).toBe(new Date(ms).toISOString())
  }
})
