import { LogFormatter, LogItem, Logger as Powertools } from '@aws-lambda-powertools/logger'
import type { LogAttributes } from '@aws-lambda-powertools/logger/types'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { type Logger, type LoggerOptions, logger } from './index.ts'

/** Of an event of CloudWatch Logs. */
const longest = 1024 * 1024 - 26

const lineOf = async (run: (logger: Logger) => void, options: LoggerOptions = {}) => {
  const { logs } = await collectLogs(() =>
    lambda()
      .use(logger({ completion: false, ...options }))
      .handle(({ logger }) => run(logger))({}, fakeContext({ awsRequestId: 'id-1' })),
  )
  expect(logs.text).toHaveLength(1)
  expect(logs.json).toHaveLength(1)
  const [text = ''] = logs.text
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longest)
  return { text, json: logs.json[0] as Readonly<Record<string, unknown>> }
}

const ways: [string, () => LoggerOptions][] = [
  ['by itself', () => ({})],
  ['through a Powertools logger', () => ({ logger: new Powertools() })],
]

describe.each(ways)('%s', (_, options) => {
  test.each([1, 1000, 262_145, 1_000_000, 1_048_000])('a text of %i characters is kept whole', async (length) => {
    const { json } = await lineOf((logger) => logger.info('said', { text: 'x'.repeat(length), n: 1 }), options())
    expect(json).toMatchObject({ text: 'x'.repeat(length), n: 1 })
  })

  test('of one that is longer than a line may be the beginning is kept, and told how much is not', async () => {
    const length = 10 * 1024 * 1024
    const { json } = await lineOf((logger) => logger.info('said', { text: 'x'.repeat(length), n: 1 }), options())
    const [, kept = '', cut] = /^(x+)… \[cut: (\d+) characters\]$/.exec(json.text as string) ?? []
    expect(kept.length).toBeGreaterThan(200_000)
    expect(kept.length + Number(cut)).toBe(length)
    expect(json).toMatchObject({ message: 'said', n: 1, function_request_id: 'id-1' })
  })

  test('a long message is cut, too', async () => {
    const { json } = await lineOf((logger) => logger.info('m'.repeat(5_000_000), { n: 1 }), options())
    expect(json.message).toMatch(/^m{200000,}… \[cut: \d+ characters\]$/)
    expect(json).toMatchObject({ n: 1 })
  })

  test('bytes count, not characters; and no character is cut in two', async () => {
    for (const text of [
      '世'.repeat(400_000),
      '🎉'.repeat(300_000),
      'é'.repeat(600_000),
      '\u0007'.repeat(200_000),
      `x${'🎉'.repeat(700_000)}`,
    ]) {
      const { json } = await lineOf((logger) => logger.info('said', { text, n: 1 }), options())
      expect(json.text).toMatch(/… \[cut: \d+ characters\]$/)
      expect((json.text as string).isWellFormed()).toBe(true)
      expect(json.n).toBe(1)
    }
  })

  test('much of many texts is kept of each', async () => {
    const texts = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`t${i}`, `${i}`.repeat(100_000)]))
    const { json } = await lineOf((logger) => logger.info('said', texts), options())
    for (const [key, text] of Object.entries(texts)) {
      const [kept = ''] = (json[key] as string).split('…')
      expect(kept.length).toBeGreaterThan(2000)
      expect(text.startsWith(kept)).toBe(true)
    }
  })

  test.each<[string, () => unknown, RegExp]>([
    ['a list', () => Array.from({ length: 1_000_000 }, (_, i) => i), /\[0,1,2,.*,"\[cut: 9\d{5} items\]"\]/],
    ['a list with nothing in it', () => Array(2 ** 31), /\[null,null,.*,"\[cut: 214\d{7} items\]"\]/],
    ['a Set', () => new Set(Array.from({ length: 600_000 }, (_, i) => i)), /\[0,1,2,.*,"\[cut: 5\d{5} items\]"\]/],
    [
      'a Map',
      () => new Map(Array.from({ length: 400_000 }, (_, i) => [`k${i}`, i])),
      /"k0":0,"k1":1,.*"…":"\[cut: 3\d{5} keys\]"/,
    ],
    [
      'an object',
      () => Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, i])),
      /"k0":0,"k1":1,.*"…":"\[cut: 19\d{4} keys\]"/,
    ],
    ['a key', () => ({ ['k'.repeat(3_000_000)]: 1, b: 2 }), /"k+… \[cut: \d+ characters\]":1/],
    ['lists in lists', () => Array(300).fill(Array(300).fill(Array(300).fill('x'))), /\[cut: \d+ items\]/],
    [
      'an Error',
      () => Object.assign(new Error('e'.repeat(2e6)), { stack: 's'.repeat(2e6) }),
      /"message":"e+… \[cut: \d+ characters\]"/,
    ],
    ['a BigInt', () => -(2n ** 8_000_000n), /"-0x1000.*… \[cut: \d+ characters\]"/],
    ['a boxed text', () => Object('x'.repeat(3_000_000)), /x… \[cut: \d+ characters\]"/],
    ['bytes', () => new Uint8Array(50_000_000), /"\[50000000 bytes\]"/],
    ['what writes itself', () => ({ toJSON: () => ['x'.repeat(3_000_000)] }), /x… \[cut: \d+ characters\]"\]/],
    ['a text of secrets under a key', () => ({ password: 'x'.repeat(3_000_000) }), /"password":"\[redacted\]"/],
  ])('%s that is too large is cut', async (_, make, as) => {
    const value = make()
    const { text, json } = await lineOf((logger) => logger.info('said', { value, n: 1 }), options())
    // In the order of the line, so that a regular expression finds it at once.
    expect(as.test(text)).toBe(true)
    expect(json).toMatchObject({ message: 'said', n: 1 })
  })

  test('what cannot be cut enough is left out, and the line is still there', async () => {
    const nasty = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `k${i}`,
        Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => '世'.repeat(200))),
      ]),
    )
    const { json } = await lineOf((logger) => logger.info('said', nasty), options())
    expect(json).toMatchObject({ message: 'said', level: 'INFO', extra: '[cut: the line was too long]' })
  })
})

test('a BigInt is told in decimal, but for thousands of digits', async () => {
  const values = { a: 2n ** 63n, b: -(2n ** 64n), c: 10n ** 5000n, d: Object(2n ** 65n), e: 1n << 60_000n, list: [7n] }
  const { json } = await lineOf((logger) => logger.info('said', values))
  expect(json).toMatchObject({
    a: `${2n ** 63n}`,
    b: `-${2n ** 64n}`,
    c: `1${'0'.repeat(5000)}`,
    d: `${2n ** 65n}`,
    list: ['7'],
  })
  expect(json.e).toBe(`0x1${'0'.repeat(15_000)}`)
})

test('a formatter that writes too much by itself is not believed', async () => {
  class Endless extends LogFormatter {
    override formatAttributes(base: { readonly message: string }, more: LogAttributes) {
      return new LogItem({ attributes: { ...more, text: base.message, filled: 'x'.repeat(2_000_000) } })
    }
  }
  const { json } = await lineOf((logger) => logger.warn('said'), {
    logger: new Powertools({ logFormatter: new Endless() }),
  })
  expect(json).toEqual({ level: 'WARN', message: 'said', extra: '[cut: the line was too long]' })
})

test('a formatter that throws costs what it was to format, and not the line', async () => {
  class Failing extends LogFormatter {
    override formatAttributes(): LogItem {
      throw new Error('no')
    }
  }
  const { json } = await lineOf((logger) => logger.error('said', { a: 1 }), {
    logger: new Powertools({ logFormatter: new Failing() }),
  })
  expect(json).toEqual({ level: 'ERROR', message: 'said', extra: '[cannot be read]' })
})

test('a logger that writes by itself does so once', async () => {
  const written: unknown[] = []
  class Own extends Powertools {
    override createLogger(options?: ConstructorParameters<typeof Powertools>[0]) {
      return new Own(options)
    }
    override printLog(_: number, log: LogItem) {
      written.push(log.getAttributes())
    }
  }
  const { logs } = await collectLogs(() =>
    lambda()
      .use(logger(new Own(), { completion: false }))
      .handle(({ logger }) => logger.info('said', { a: 1 }))({}, fakeContext()),
  )
  expect(logs.text).toEqual([])
  expect(written).toMatchObject([{ message: 'said', a: 1 }])
})
