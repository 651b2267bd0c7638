import { Logger as Powertools } from '@aws-lambda-powertools/logger'
import { HttpError, lambda } from '@fnware/core'
import { type HttpContext, http } from '@fnware/http'
import { collectLogs, fakeContext, httpApiEvent, interleave, yielding } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Logger, type LoggerOptions, logger, type PowertoolsLogger } from './index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

type Line = Readonly<Record<string, unknown>>

/** The lines of one invocation. */
const lines = async (
  fn: (ctx: { logger: Logger }) => unknown,
  options: LoggerOptions | PowertoolsLogger = { completion: false },
  event: unknown = {},
): Promise<readonly Line[]> => {
  const { logs } = await collectLogs(async () => {
    const handler = lambda().use(logger(options)).handle(fn)
    await handler(event, fakeContext({ awsRequestId: 'id-1', functionName: 'orders' })).catch(() => {})
  })
  expect(logs.json).toHaveLength(logs.text.length)
  return logs.json
}

describe('a line', () => {
  test('is as Powertools writes it, with the invocation’s own keys', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1')
    const [line] = await lines(({ logger }) => logger.info('order placed', { id: 7 }), {
      service: 'shop',
      completion: false,
    })
    expect(line).toEqual({
      level: 'INFO',
      message: 'order placed',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'shop',
      cold_start: expect.any(Boolean),
      function_arn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
      function_memory_size: '128',
      function_name: 'orders',
      function_request_id: 'id-1',
      sampling_rate: 0,
      xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
      correlation_id: 'id-1',
      id: 7,
    })
    expect(Object.keys(line ?? {}).slice(0, 4)).toEqual(['level', 'message', 'timestamp', 'service'])
  })

  test('has the level that it is written with', async () => {
    const written = await lines(
      ({ logger }) => {
        for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const) logger[level](level)
      },
      { level: 'trace', completion: false },
    )
    expect(written.map(({ level }) => level)).toEqual(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'])
  })

  test('holds every Error in full, causes too', async () => {
    const error = new TypeError('outer', { cause: new Error('inner') })
    const [bare, named] = await lines(({ logger }) => {
      logger.error('bare', error)
      logger.error('named', {
        first: error,
        second: Object.assign(new Error('two'), { code: 'E2', password: 'hunter2' }),
      })
    })
    const outer = {
      name: 'TypeError',
      message: 'outer',
      stack: expect.stringContaining('logger.test.ts'),
      cause: { name: 'Error', message: 'inner' },
    }
    expect(bare).toMatchObject({ message: 'bare', error: outer })
    expect(named).toMatchObject({ first: outer, second: { message: 'two', code: 'E2', password: '[redacted]' } })
  })

  test('holds all errors of one, and one that is its own cause', async () => {
    const own = new Error('own')
    own.cause = own
    const [several, circular] = await lines(({ logger }) => {
      logger.error('several', new AggregateError([new Error('one'), new Error('two')], 'both'))
      logger.error('circular', own)
    })
    expect(several).toMatchObject({ error: { message: 'both', errors: [{ message: 'one' }, { message: 'two' }] } })
    expect(circular).toMatchObject({ error: { message: 'own' } })
  })

  test('has the keys of its logger, its child, and what was appended', async () => {
    const written = await lines(
      ({ logger }) => {
        const child = logger.child({ child: 1 })
        logger.appendKeys({ appended: 2 })
        child.info('child')
        logger.info('logger')
        child.child({ grand: 3 }).info('grandchild')
      },
      { keys: { always: 0 }, completion: false },
    )
    const keys = written.map(({ always, child, appended, grand }) => [always, child, appended, grand])
    expect(keys).toEqual([
      [0, 1, undefined, undefined],
      [0, undefined, 2, undefined],
      [0, 1, undefined, 3],
    ])
  })

  test('keeps what JavaScript gives it otherwise', async () => {
    const written = await lines(({ logger }) => {
      const loose = logger as unknown as Record<'info', (...args: unknown[]) => void>
      loose.info('m', 'text')
      loose.info('m', [1, 2])
      loose.info('m', null)
      loose.info()
    })
    expect(written.map(({ message, extra }) => [message, extra])).toEqual([
      ['m', 'text'],
      ['m', [1, 2]],
      ['m', undefined],
      ['undefined', undefined],
    ])
  })

  test('never fails for what it is given', async () => {
    const circular: Record<string, unknown> = { n: 5n, bytes: Buffer.alloc(1000) }
    circular.self = circular
    let deep: unknown = 'bottom'
    for (let i = 0; i < 10_000; i++) deep = [deep]
    const hostile = {
      get bad() {
        throw new Error('no')
      },
      fine: 1,
    }
    const [line] = await lines(({ logger }) =>
      logger.info('x', {
        circular,
        deep,
        hostile,
        map: new Map([['a', 1]]),
        set: new Set([2]),
        fn: () => 1,
        date: new Date(0),
      }),
    )
    expect(line).toMatchObject({
      circular: { n: '5', bytes: '[1000 bytes]', self: '[circular]' },
      hostile: { bad: '[cannot be read]', fine: 1 },
      map: { a: 1 },
      set: [2],
      date: '1970-01-01T00:00:00.000Z',
    })
    expect(JSON.stringify(line)).toMatch(/\[cut\]/)
  })
})

describe('the completion line', () => {
  test('says how an invocation went', async () => {
    const [fine] = await lines(() => 1, {})
    expect(fine).toMatchObject({
      level: 'INFO',
      message: 'orders success',
      outcome: 'success',
      duration_ms: expect.any(Number),
      remaining_ms: expect.any(Number),
    })
    const written = await lines(() => {
      throw new RangeError('x')
    }, {})
    expect(written.map(({ level, message, outcome, error_name }) => [level, message, outcome, error_name])).toEqual([
      ['ERROR', 'the invocation failed', undefined, undefined],
      ['ERROR', 'orders error', 'error', 'RangeError'],
    ])
  })

  test('says of HTTP what was asked and answered', async () => {
    const handler = lambda(http())
      .use(logger())
      .routes((r) => {
        r.get('/orders/{id}', ({ params }) => {
          if (params.id === '0') throw new HttpError(404, 'none')
          if (params.id === 'x') throw new Error('boom')
          return 1
        })
      })
    const of = async (path: string) =>
      (await collectLogs(() => handler(httpApiEvent({ path }), fakeContext()))).logs.json
    expect(await of('/orders/7')).toMatchObject([
      {
        level: 'INFO',
        message: 'GET /orders/{id} 200',
        method: 'GET',
        path: '/orders/7',
        route: '/orders/{id}',
        status: 200,
      },
    ])
    expect(await of('/orders/0')).toMatchObject([
      {
        level: 'INFO',
        message: 'GET /orders/{id} 404',
        outcome: 'refused',
        error_name: 'HttpError',
        error_message: 'none',
      },
    ])
    expect(await of('/nothing')).toMatchObject([{ level: 'INFO', message: 'GET /nothing 404' }])
    expect(await of('/orders/x')).toMatchObject([
      { level: 'ERROR', message: 'the invocation failed', error: { name: 'Error', message: 'boom' } },
      { level: 'ERROR', message: 'GET /orders/{id} 500', status: 500, outcome: 'error' },
    ])
  })

  test('comes after a deadline too, and what comes late is written under its own invocation', async () => {
    const handler = lambda(http(), { deadline: 40, grace: 10 })
      .use(logger())
      .handle(() => new Promise((resolve) => setTimeout(resolve, 200)))
    const { logs } = await collectLogs(async () => {
      await handler(httpApiEvent(), fakeContext({ timeout: 120, awsRequestId: 'slow' }))
      await new Promise((resolve) => setTimeout(resolve, 250))
    })
    expect(logs.json.map(({ level, message, function_request_id }) => [level, message, function_request_id])).toEqual([
      ['ERROR', 'the invocation timed out', 'slow'],
      ['ERROR', 'GET / 504', 'slow'],
      ['WARN', 'ended after its deadline was answered: its result is dropped', 'slow'],
    ])
  })
})

describe('levels', () => {
  const written = async (options: LoggerOptions = {}) =>
    (
      await lines(({ logger }) => (['debug', 'info', 'warn', 'error'] as const).map((level) => logger[level](level)), {
        completion: false,
        ...options,
      })
    ).map(({ message }) => message)

  test.each([
    ['INFO without anything', {}, {}, ['info', 'warn', 'error']],
    ['the option', { level: 'warn' as const }, { POWERTOOLS_LOG_LEVEL: 'DEBUG' }, ['warn', 'error']],
    ['POWERTOOLS_LOG_LEVEL in any case', {}, { POWERTOOLS_LOG_LEVEL: 'debug' }, ['debug', 'info', 'warn', 'error']],
    ['LOG_LEVEL', {}, { LOG_LEVEL: 'Error' }, ['error']],
    ['silence', { level: 'SILENT' as const }, {}, []],
  ])('are %s', async (_, options, env, expected) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    expect(await written(options)).toEqual(expected)
  })

  test('have a floor in AWS_LAMBDA_LOG_LEVEL, which is no ceiling', async () => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN')
    expect(await written({ level: 'debug' })).toEqual([
      'the level DEBUG is less than AWS_LAMBDA_LOG_LEVEL lets through: WARN and above is written',
      'warn',
      'error',
    ])
    expect(await written({ level: 'error' })).toEqual(['error'])
    expect(await written({ level: 'error', sampleRate: 1 })).toEqual(['warn', 'error'])
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'FATAL')
    expect(await written({ level: 'critical' })).toEqual([])
  })

  test('that are none are named', async () => {
    expect(() => logger({ level: 'inof' as never })).toThrow('logger(): `level` is no level: did you mean `INFO`?')
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'verbose')
    expect((await written())[0]).toMatch(/^POWERTOOLS_LOG_LEVEL is no level, and is ignored/)
  })

  test('cost nothing where they are not written', async () => {
    const read = vi.fn(() => 1)
    await lines(({ logger }) =>
      logger.debug('x', {
        get expensive() {
          return read()
        },
      }),
    )
    expect(read).not.toHaveBeenCalled()
  })
})

describe('sampling', () => {
  const share = async (sampleRate: number) => {
    let sampled = 0
    const handler = lambda()
      .use(logger({ sampleRate, completion: false }))
      .handle(({ logger }) => {
        if (logger.level === 'DEBUG') sampled++
      })
    for (let i = 0; i < 2000; i++) await handler({}, fakeContext())
    return sampled / 2000
  }

  test('samples what it says', async () => {
    expect(await share(0)).toBe(0)
    expect(await share(1)).toBe(1)
    // Six standard deviations.
    expect(Math.abs((await share(0.01)) - 0.01)).toBeLessThan(0.0134)
    expect(Math.abs((await share(0.5)) - 0.5)).toBeLessThan(0.068)
  })

  test('is of one invocation, and is told', async () => {
    const random = vi.spyOn(Math, 'random')
    const handler = lambda()
      .use(logger({ sampleRate: 0.5, completion: false }))
      .handle(({ logger }) => logger.debug('x'))
    const of = async (value: number) => {
      random.mockReturnValue(value)
      return (await collectLogs(() => handler({}, fakeContext()))).logs.json
    }
    expect(await of(0.49)).toMatchObject([{ level: 'DEBUG', sampling_rate: 0.5 }])
    expect(await of(0.5)).toEqual([])
  })

  test('may come from the environment', async () => {
    vi.stubEnv('POWERTOOLS_LOGGER_SAMPLE_RATE', '1')
    expect(await lines(({ logger }) => logger.debug('x'))).toMatchObject([{ level: 'DEBUG', sampling_rate: 1 }])
  })
})

describe('a Powertools logger that is there already', () => {
  test('is written with, and stays as it is', async () => {
    const mine = new Powertools({ serviceName: 'mine', logLevel: 'WARN', persistentKeys: { team: 'blue' } })
    const written = await lines(({ logger }) => {
      logger.appendKeys({ once: 1 })
      logger.info('not written')
      logger.warn('written', { token: 'hush' })
    }, mine)
    expect(written).toMatchObject([
      { service: 'mine', team: 'blue', once: 1, token: '[redacted]', message: 'written', function_request_id: 'id-1' },
    ])
    const { logs } = await collectLogs(() => mine.warn('plain'))
    expect(logs.json[0]).not.toHaveProperty('once')
    expect(logs.json[0]).not.toHaveProperty('function_request_id')
    expect(mine.getLevelName()).toBe('WARN')
  })

  test('may come with options', async () => {
    const mine = new Powertools({ serviceName: 'mine', logLevel: 'ERROR' })
    expect(
      await lines(({ logger }) => logger.info('x'), { logger: mine, level: 'info', completion: false }),
    ).toMatchObject([{ service: 'mine' }])
    expect(mine.getLevelName()).toBe('ERROR')
  })
})

describe('options', () => {
  test.each([
    [{ servise: 'x' }, 'logger(): there is no option `servise`: did you mean `service`?'],
    [{ sampleRate: 5 }, '`sampleRate` must be a share from 0 to 1'],
    [{ logger: {} }, '`logger` must be a Logger of Powertools'],
    [{ redact: { ad: [] } }, 'logger(): `redact`: there is no option `ad`: did you mean `add`?'],
    ['orders', 'logger() takes an object of options'],
  ])('%j are refused', (options, message) => {
    expect(() => logger(options as never)).toThrow(message)
  })
})

test('POWERTOOLS_LOGGER_LOG_EVENT writes the event, redacted', async () => {
  vi.stubEnv('POWERTOOLS_LOGGER_LOG_EVENT', 'true')
  expect(
    await lines(
      () => 1,
      { completion: false },
      { headers: { Authorization: 'Bearer hush' }, a: 1, body: '{"password":"hush"}', rawQueryString: 'token=hush' },
    ),
  ).toMatchObject([
    {
      message: 'Lambda invocation event',
      event: {
        headers: { Authorization: '[redacted]' },
        a: 1,
        body: '[19 characters]',
        rawQueryString: '[see queryStringParameters]',
      },
    },
  ])
})

test('64 invocations at once keep their keys, ids and levels to themselves', async () => {
  const handler = lambda(http())
    .use(logger({ sampleRate: 0.5 }))
    .use(yielding())
    .use(({ logger, request }, next) => {
      logger.appendKeys({ key: request.query.mark })
      return next({ logger: logger.child({ child: request.query.mark }) })
    })
    .use(yielding(2))
    .handle(async ({ logger, request }: HttpContext & { logger: Logger }) => {
      logger.info('one')
      await new Promise((resolve) => setImmediate(resolve))
      logger.debug('two', { extra: request.query.mark })
      if (request.query.mark?.includes('3')) throw new Error(`boom ${request.query.mark}`)
      return request.query.mark
    })
  const { logs } = await interleave(handler, (mark) =>
    httpApiEvent({ query: { mark }, headers: { 'x-correlation-id': mark } }),
  )
  for (const { json } of logs) {
    expect(new Set(json.map(({ function_request_id }) => function_request_id)).size).toBe(1)
    expect(new Set(json.map(({ correlation_id }) => correlation_id)).size).toBe(1)
    expect(json.filter(({ duration_ms }) => duration_ms !== undefined)).toHaveLength(1)
  }
})
