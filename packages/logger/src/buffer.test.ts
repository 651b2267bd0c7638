import { HttpError, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Line, lines } from '../test/lines.ts'
import { type BufferOptions, type Logger, logger } from './index.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const messages = (written: readonly Line[]) => written.map(({ level, message }) => `${level} ${message}`)
const kept = { completion: false, buffer: true }
const failing = (fn: (logger: Logger) => unknown) => async (ctx: { logger: Logger }) => {
  await fn(ctx.logger)
  throw new Error('boom')
}

describe('lines that are kept', () => {
  test('are written when the invocation fails, in their order, as of when they were said', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-02-03T04:05:06.000Z') })
    const written = await lines(
      failing((logger) => {
        logger.debug('one', { n: 1 })
        vi.setSystemTime(Date.now() + 1000)
        logger.info('at once')
        logger.trace('two', new RangeError('of two'))
        logger.child({ child: 7 }).debug('three')
        vi.setSystemTime(Date.now() + 1000)
      }),
      kept,
    )
    expect(
      written.map(({ level, message, timestamp, function_request_id }) => [
        `${level} ${message}`,
        timestamp,
        function_request_id,
      ]),
    ).toEqual([
      ['INFO at once', '2026-02-03T04:05:07.000Z', 'id-1'],
      ['DEBUG one', '2026-02-03T04:05:06.000Z', 'id-1'],
      ['TRACE two', '2026-02-03T04:05:07.000Z', 'id-1'],
      ['DEBUG three', '2026-02-03T04:05:07.000Z', 'id-1'],
      ['ERROR the invocation failed', '2026-02-03T04:05:08.000Z', 'id-1'],
    ])
    expect(written).toMatchObject([{}, { n: 1 }, { error: { name: 'RangeError' } }, { child: 7 }, {}])
  })

  test('are dropped where it ends well, or the client was refused', async () => {
    expect(await lines(({ logger }) => logger.debug('x'), kept)).toEqual([])
    const handler = lambda(http())
      .use(logger(kept))
      .handle(({ logger }) => {
        logger.debug('x')
        throw new HttpError(404)
      })
    expect((await collectLogs(() => handler(httpApiEvent(), fakeContext()))).logs.text).toEqual([])
  })

  test('are written before a line of ERROR and above, unless they shall wait for the end', async () => {
    const fn = ({ logger }: { logger: Logger }) => {
      logger.debug('before')
      logger.error('caught')
      logger.debug('after')
    }
    expect(messages(await lines(fn, kept))).toEqual(['DEBUG before', 'ERROR caught'])
    const late: BufferOptions = { flushOnErrorLog: false }
    expect(messages(await lines(fn, { completion: false, buffer: late }))).toEqual(['ERROR caught'])
    expect(
      messages(
        await lines(
          failing((logger) => fn({ logger })),
          { completion: false, buffer: late },
        ),
      ),
    ).toEqual(['ERROR caught', 'DEBUG before', 'DEBUG after', 'ERROR the invocation failed'])
    // An ERROR line that is not written itself has nothing before it.
    expect(await lines(fn, { ...kept, level: 'critical' })).toEqual([])
  })

  test('are all that the level does not let through, and what `bufferAtVerbosity` holds back', async () => {
    const all = failing((logger) => (['trace', 'debug', 'info', 'warn'] as const).map((level) => logger[level]('x')))
    const of = async (level: 'trace' | 'warn', bufferAtVerbosity: 'debug' | 'WARN') =>
      messages(await lines(all, { level, completion: false, buffer: { bufferAtVerbosity } }))
    const end = 'ERROR the invocation failed'
    expect(await of('warn', 'debug')).toEqual(['WARN x', 'TRACE x', 'DEBUG x', 'INFO x', end])
    expect(await of('trace', 'debug')).toEqual(['INFO x', 'WARN x', 'TRACE x', 'DEBUG x', end])
    expect(await of('trace', 'WARN')).toEqual(['TRACE x', 'DEBUG x', 'INFO x', 'WARN x', end])
  })

  test('are written at once where an invocation is sampled', async () => {
    const written = await lines(({ logger }) => logger.debug('x'), { ...kept, sampleRate: 1 })
    expect(messages(written)).toEqual(['DEBUG x'])
  })

  test('are not those below AWS_LAMBDA_LOG_LEVEL', async () => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'INFO')
    const written = await lines(
      failing((logger) => [logger.debug('x'), logger.info('y')]),
      {
        completion: false,
        buffer: { bufferAtVerbosity: 'INFO' },
      },
    )
    expect(messages(written)).toEqual(['INFO y', 'ERROR the invocation failed'])
  })

  test('tell what was there when they were said', async () => {
    const state = { list: [1], at: new Date(0), map: new Map([['a', { b: 1 }]]), inner: { token: 'hush' } }
    const error = Object.assign(new TypeError('first', { cause: new Error('cause') }), { code: 7 })
    const written = await lines(
      failing((logger) => {
        const keys = { order: { id: 1 } }
        logger.appendKeys(keys)
        logger.debug('x', { state, error })
        keys.order.id = 2
        state.list.push(2)
        state.at.setTime(1)
        state.map.get('a')!.b = 2
        error.message = 'second'
        error.code = 8
        logger.appendKeys({ later: 1 })
      }),
      kept,
    )
    expect(written[0]).toMatchObject({
      order: { id: 1 },
      state: { list: [1], at: '1970-01-01T00:00:00.000Z', map: { a: { b: 1 } }, inner: { token: '[redacted]' } },
      error: { name: 'TypeError', message: 'first', code: 7, cause: { message: 'cause' } },
    })
    expect(written[0]).not.toHaveProperty('later')
    expect((written[0] as { error: { stack: string } }).error.stack).toContain('buffer.test.ts')
  })

  test('are the last ones, by their size, and it is said how many are gone', async () => {
    const fn = failing((logger) => {
      for (let i = 0; i < 1000; i++) logger.debug(`${i}`, { text: 'x'.repeat(100) })
    })
    const written = await lines(fn, { completion: false, buffer: { maxBytes: 2048 } })
    const debug = written.filter(({ level }) => level === 'DEBUG')
    expect(written[0]).toMatchObject({ level: 'WARN', dropped: 1000 - debug.length })
    expect(debug.map(({ message }) => message)).toEqual(debug.map((_, i) => `${1000 - debug.length + i}`))
    expect(debug.length).toBeGreaterThan(5)
    expect(debug.length).toBeLessThan(20)
  })

  test('are cut where one alone is too large', async () => {
    const endless = { list: Array.from({ length: 1e6 }, (_, i) => i), text: 'x'.repeat(1e6), later: 1 }
    const [line] = await lines(
      failing((logger) => logger.debug('x', endless)),
      kept,
    )
    expect(JSON.stringify(line).length).toBeLessThan(25_000)
    expect(line?.list).toContain('[cut]')
    const [text] = await lines(
      failing((logger) => logger.debug('x', { text: endless.text })),
      kept,
    )
    expect(String(text?.text)).toMatch(/^x{10000,20480}\[cut\]$/)
  })

  test('may be wrong in any way', async () => {
    const circle: Record<string, unknown> = { a: 1 }
    circle.self = circle
    const odd = failing((logger) => {
      logger.debug('circle', circle)
      logger.debug('getter', {
        get bad() {
          throw new Error('no')
        },
        good: 1,
      })
      logger.debug(
        'proxy',
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no')
            },
          },
        ),
      )
      logger.debug(new Error('as message') as never, { more: 1 })
      logger.debug({ message: 'as object', inner: [1] } as never)
      logger.debug('big', {
        n: 1n,
        symbol: Symbol('x'),
        fn: () => 1,
        boxed: Object('s'),
        bytes: new Uint8Array(3),
        buffer: Buffer.from('x'),
        url: new URL('https://example.com'),
      })
      logger.debug('text', 'bare' as never)
      logger.debug('abort', AbortSignal.abort().reason)
      logger.debug('json', { toJSON: () => ({ password: 'hush', a: 1 }) })
      logger.debug('proto', JSON.parse('{"__proto__":{"a":1},"b":2}'))
      logger.debug(Object.create(null) as never)
    })
    const direct = await lines(odd, { completion: false, level: 'debug' })
    const held = await lines(odd, kept)
    const without = (written: readonly Line[]) =>
      written.map(({ timestamp, ...line }) =>
        JSON.parse(JSON.stringify(line, (key, it) => (key === 'stack' ? '' : it))),
      )
    expect(without(held)).toEqual(without(direct))
  })
})

test.each([
  [{ buffer: { maxByte: 5 } }, 'logger(): `buffer`: there is no option `maxByte`: did you mean `maxBytes`?'],
  [{ buffer: { bufferAtVerbosity: 'ERROR' } }, '`bufferAtVerbosity` must be TRACE, DEBUG, INFO or WARN'],
  [{ buffer: { bufferAtVerbosity: 'debgu' } }, '`bufferAtVerbosity` must be TRACE, DEBUG, INFO or WARN'],
  [{ buffer: 5 }, 'logger(): `buffer` must be an object'],
])('%j is refused', (options, message) => {
  expect(() => logger(options as never)).toThrow(message)
})
