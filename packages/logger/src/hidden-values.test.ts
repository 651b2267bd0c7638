import { Logger as Powertools } from '@aws-lambda-powertools/logger'
import { lambda } from '@fnware/core'
import { hide } from '@fnware/core/extend'
import { collectLogs, fakeContext } from '@fnware/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Logger, type LoggerOptions, logger } from './index.ts'

const secret = 'p@ss/w0rd "of" the\\test'
const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n'

beforeEach(() => hide([secret, key, '20261124', 'app-user']))
afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('fnware.hidden'))
  vi.unstubAllEnvs()
})

const written = async (run: (logger: Logger) => unknown, options: LoggerOptions = {}, context = fakeContext()) => {
  const { logs } = await collectLogs(() =>
    lambda()
      .use(logger({ completion: false, ...options }))
      .handle(({ logger }) => void run(logger))({}, context),
  )
  expect(logs.json).toHaveLength(logs.text.length)
  return logs
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const ways: Readonly<Record<string, (logger: Logger) => void>> = {
  'in a message': (logger) => logger.info(`logging in with ${secret}!`),
  'in place of a message': (logger) => logger.info({ message: `with ${secret}`, more: secret } as never),
  'as a value': (logger) => logger.info('said', { shown: secret }),
  'in a text': (logger) => logger.info('said', { url: `https://a.b/?c=${encodeURIComponent(secret)}&d` }),
  'in base64': (logger) => logger.info('said', { list: [`Basic ${base64(`app:${secret}`)}`] }),
  'in JSON': (logger) => logger.info('said', { body: JSON.stringify({ a: secret, b: [key] }) }),
  'in JSON in JSON': (logger) => logger.info('said', { body: JSON.stringify({ body: JSON.stringify({ a: secret }) }) }),
  'as a key': (logger) => logger.info('said', { [secret]: 1, nested: { [`a ${secret}`]: 2 } }),
  'deep within': (logger) => logger.info('said', { a: [{ b: new Map([['c', new Set([secret])]]) }] }),
  'on many lines': (logger) => logger.info(key, { key, pem: `${key}${key}` }),
  'in an Error': (logger) => logger.error('failed', new Error(`refused ${secret}`)),
  'in the cause of an Error': (logger) =>
    logger.error('failed', { error: new Error('a', { cause: new Error(`b ${secret}`, { cause: secret }) }) }),
  'in one of many Errors': (logger) => logger.error('failed', new AggregateError([new Error(secret)], 'all')),
  'in the name of an Error': (logger) =>
    logger.error('failed', Object.assign(new Error('x'), { name: secret, secret })),
  'in what stays on every line': (logger) => {
    logger.appendKeys({ url: `postgres://app:${encodeURIComponent(secret)}@db/x` })
    logger.child({ [secret]: secret }).info('said')
  },
  'under a key of the logger’s own': (logger) =>
    logger.info('said', { service: secret, level: [secret], cold_start: secret }),
  'where it writes itself': (logger) => logger.info('said', { a: { toJSON: () => ({ toJSON: () => secret }) } }),
  'where a text is cut': (logger) =>
    logger.info('said', { a: 'x'.repeat(262_140) + secret + 'y'.repeat(1e6), b: `${'x'.repeat(32_760)}${secret}` }),
}
const shows = (line: string) =>
  [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    'p@ss/w',
    base64(secret).slice(0, 12),
    'BKcwggSj',
  ].some((form) => line.includes(form))

describe.each<[string, () => LoggerOptions]>([
  ['by itself', () => ({})],
  ['through a Powertools logger', () => ({ logger: new Powertools() })],
  ['with no redaction by key', () => ({ redact: false })],
])('%s', (_, options) => {
  test.each(Object.entries(ways))('what is known to be secret is not told: %s', async (_, way) => {
    const { text } = await written(way, options())
    expect(text).toHaveLength(1)
    expect(shows(text[0] as string), text[0]?.slice(0, 2000)).toBe(false)
    expect(text[0]).toContain('[redacted]')
  })

  test('what is written of it is the same line but for that', async () => {
    const { json } = await written(
      (logger) =>
        logger.info(`a ${secret} b`, { n: 1, t: `${secret}, ${secret}`, nested: [{ u: true, v: null }], z: 'z' }),
      options(),
    )
    expect(json).toMatchObject([
      { message: 'a [redacted] b', n: 1, t: '[redacted], [redacted]', nested: [{ u: true, v: null }], z: 'z' },
    ])
    expect(Object.keys(json[0] as object).slice(0, 3)).toEqual(['level', 'message', 'timestamp'])
  })

  test('numbers are told unless they are it', async () => {
    const { json } = await written(
      (logger) => logger.info('said', { a: 20261124, b: [120261124, 1.5], c: 'on 20261124' }),
      options(),
    )
    expect(json).toMatchObject([{ a: '[redacted]', b: [120261124, 1.5], c: 'on [redacted]' }])
  })

  test('what says which function and invocation it is stays', async () => {
    hide(['the-service', 'orders', 'the-request', 'INFO..'])
    const context = fakeContext({ functionName: 'orders', awsRequestId: 'the-request' })
    const { json } = await written(
      (logger) => logger.info('of orders'),
      { ...options(), service: 'the-service' },
      context,
    )
    expect(json).toMatchObject([
      { service: 'the-service', function_name: 'orders', function_request_id: 'the-request', message: 'of [redacted]' },
    ])
    expect(json[0]).toMatchObject({ correlation_id: '[redacted]' })
  })
})

test('may be told where that is wanted', async () => {
  const { json } = await written((logger) => logger.info(secret, { secret, by: secret }), { redact: { values: false } })
  expect(json).toMatchObject([{ message: secret, secret: '[redacted]', by: secret }])
  const all = await written((logger) => logger.info(secret, { secret }), { redact: { values: false, keys: false } })
  expect(all.json).toMatchObject([{ message: secret, secret }])
  expect(() => logger({ redact: { value: false } as never })).toThrow(
    'there is no option `value`: did you mean `values`?',
  )
})

test('is hidden in indented lines, too', async () => {
  vi.stubEnv('POWERTOOLS_DEV', 'true')
  for (const options of [{}, { logger: new Powertools() }]) {
    const { logs } = await collectLogs(() =>
      lambda()
        .use(logger({ completion: false, ...options }))
        .handle(({ logger }) => logger.info('said', { a: secret }))({}, fakeContext()),
    )
    expect(logs.stdout).toContain('\n    "a": "[redacted]"')
  }
})

test('keys that a given logger writes by itself are looked through', async () => {
  const powertools = new Powertools({ persistentKeys: { url: `x ${secret}` }, serviceName: 'mine' })
  const { json } = await written((logger) => logger.info('said'), { logger: powertools })
  expect(json).toMatchObject([{ url: 'x [redacted]', service: 'mine' }])
})

test('of what is kept until the invocation fails, also where that is cut', async () => {
  for (let room = 110; room < 150; room++) {
    const { text } = await written(
      (logger) => {
        logger.debug('kept', { text: `${'x'.repeat(100)}${secret}${'y'.repeat(1000)}` })
        logger.error('failed')
      },
      { buffer: { maxBytes: room } },
    )
    const kept = text.find((line) => line.includes('"kept"')) as string
    expect(kept).toContain('xxx')
    expect(shows(kept), kept).toBe(false)
  }
})

test('from one line to the next, whatever comes to be known and in whatever invocation', async () => {
  const handler = lambda<{ mark: string }>()
    .use(logger({ completion: false }))
    .handle(async ({ event, logger }) => {
      const own = `secret-of-${event.mark}-${event.mark}`
      logger.info('before', { own, mark: event.mark })
      await new Promise((resolve) => setImmediate(resolve))
      hide([own])
      await new Promise((resolve) => setImmediate(resolve))
      logger.info(`after ${own}`, { own, mark: event.mark })
    })
  const { logs } = await collectLogs(() =>
    Promise.all(Array.from({ length: 64 }, (_, i) => handler({ mark: `mark-${100 + i}` }, fakeContext()))),
  )
  const after = logs.json.filter(({ message }) => message !== 'before')
  expect(after).toHaveLength(64)
  expect(new Set(after.map(({ mark }) => mark)).size).toBe(64)
  for (const { message, own } of after) expect([message, own]).toEqual(['after [redacted]', '[redacted]'])
})

test('no text that holds one is told, whatever stands round it', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  const hidden = fc.string({ unit: 'binary', minLength: 6, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(text, text, hidden, async (before, after, own) => {
      hide([own])
      const held = `${before}${own}${after}`
      const { json } = await written((logger) => logger.info(held, { key: held, list: [{ held }], [`a ${held}`]: 1 }))
      const { message, key, list, ...more } = json[0] as {
        message: string
        key: string
        list: readonly { held: string }[]
      }
      for (const told of [message, key, list[0]?.held, ...Object.keys(more)]) expect(told).not.toContain(own)
    }),
    { numRuns: 200 },
  )
})
