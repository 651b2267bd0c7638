import { runInNewContext } from 'node:vm'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lines } from '../test/lines.ts'
import { logger } from './index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

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
      stack: expect.stringContaining('line.test.ts'),
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
    const fetchFailed = new TypeError('fetch failed', { cause: new AggregateError([new Error('ECONNREFUSED ::1')]) })
    const [caused] = await lines(({ logger }) => logger.error('caused', fetchFailed))
    expect(caused).toMatchObject({ error: { cause: { errors: [{ message: 'ECONNREFUSED ::1' }] } } })
  })

  test('holds what other Errors say of themselves', async () => {
    const foreign = runInNewContext(
      "Object.assign(new TypeError('of another realm', { cause: new Error('inner') }), { code: 'E1' })",
    )
    // As Node 24 makes them: none of it is enumerable.
    const suppressed = Object.defineProperties(new Error('both'), {
      name: { value: 'SuppressedError' },
      error: { value: new Error('on closing') },
      suppressed: { value: new Error('at first') },
    })
    const written = await lines(({ logger }) => {
      logger.error('foreign', { error: foreign })
      logger.error('suppressed', suppressed)
      logger.error('aborted', AbortSignal.abort().reason)
      logger.error(
        'custom',
        Object.assign(new Error('x'), { status: 409, response: { headers: { cookie: 'hush' } }, retry: true }),
      )
    })
    expect(written).toMatchObject([
      {
        error: {
          name: 'TypeError',
          message: 'of another realm',
          code: 'E1',
          cause: { name: 'Error', message: 'inner' },
        },
      },
      { error: { name: 'SuppressedError', error: { message: 'on closing' }, suppressed: { message: 'at first' } } },
      { error: { name: 'AbortError', message: 'This operation was aborted' } },
      { error: { status: 409, retry: true, response: { headers: { cookie: '[redacted]' } } } },
    ])
  })

  test('holds twenty causes, one within the other', async () => {
    let error = new Error('0')
    for (let i = 1; i < 300; i++) error = new Error(`${i}`, { cause: error })
    const [line] = await lines(({ logger }) => logger.error('deep', error))
    let told = line?.error as { message: string; cause: unknown } | string
    let count = 0
    for (; typeof told === 'object'; told = told.cause as typeof told) expect(told.message).toBe(`${299 - count++}`)
    expect([count, told]).toEqual([20, '[cut]'])
  })

  test('tells what JSON cannot', async () => {
    const [line] = await lines(({ logger }) =>
      logger.info('x', {
        date: new Date(Number.NaN),
        list: [Symbol('s'), () => 1, undefined, Number.NaN],
        half: 'a\ud83d',
        bytes: { a: new Uint8Array(5), b: new ArrayBuffer(6), c: new DataView(new ArrayBuffer(7)), d: Buffer.alloc(8) },
        weak: new WeakMap(),
        promise: Promise.resolve(1),
        regex: /a/,
      }),
    )
    expect(line).toMatchObject({
      date: 'Invalid Date',
      list: [null, null, null, null],
      half: 'a\ud83d',
      bytes: { a: '[5 bytes]', b: '[6 bytes]', c: '[7 bytes]', d: '[8 bytes]' },
      weak: {},
      promise: {},
      regex: {},
    })
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

  test('takes what is typed by an interface, an instance or a Map', async () => {
    interface Order {
      readonly sku: string
    }
    class Point {
      x = 1
    }
    const order: Order = { sku: 'A-1' }
    const written = await lines(({ logger }) => {
      logger.info('m', order)
      logger.info('m', new Point())
      logger.info('m', new Map([['a', 1]]))
      logger.info('m', new Date(0))
    })
    expect(written).toMatchObject([{ sku: 'A-1' }, { x: 1 }, { a: 1 }, { extra: '1970-01-01T00:00:00.000Z' }])
  })

  test('drops nothing that stands under a key of Powertools’ own', async () => {
    const [line, more] = await lines(({ logger }) => {
      logger.info('m', { level: 'gold', service: 5, timestamp: undefined, a: 1 })
      logger.child({ message: 'inner' }).info('m', { extra: 'text' })
    })
    expect(line).toMatchObject({ level: 'INFO', message: 'm', a: 1, extra: { level: 'gold', service: 5 } })
    expect(more).toMatchObject({ level: 'INFO', message: 'm', extra: { message: 'inner', extra: 'text' } })
  })

  test('keeps what JavaScript gives it otherwise', async () => {
    const written = await lines(({ logger }) => {
      const loose = logger as unknown as Record<'info', (...args: unknown[]) => void>
      loose.info('m', 'text')
      loose.info('m', [1, 2])
      loose.info('m', null)
      loose.info()
      loose.info({ message: 'inner', extra: 5 })
      loose.info(new Error('alone'), { extra: 6 })
    })
    expect(written.map(({ message, extra }) => [message, extra])).toEqual([
      ['m', 'text'],
      ['m', [1, 2]],
      ['m', undefined],
      ['undefined', undefined],
      ['inner', 5],
      ['alone', 6],
    ])
    expect(written.at(-1)).toMatchObject({ error: { name: 'Error', message: 'alone' } })
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

  test('is written whatever is thrown by what it is given', async () => {
    const bad = () => {
      throw Object.create(null)
    }
    const hostile = Object.defineProperty({ fine: 1 }, 'bad', { get: bad, enumerable: true })
    let reads = 0
    const changing = {
      get a() {
        if (++reads % 2 === 0) bad()
        return 1
      },
    }
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const written = await lines(({ logger }) => {
      logger.info('getter', hostile)
      logger.info('json', { value: { toJSON: bad } })
      logger.info('proxy', { value: revoked.proxy })
      logger.info('stack', Object.defineProperty(new Error('x'), 'stack', { get: bad }))
      logger.info('changing', { changing })
      logger.info(Object.create(null))
      logger.appendKeys(hostile)
      logger.info('after')
    })
    expect(written.map(({ message }) => message)).toEqual([
      'getter',
      'json',
      'proxy',
      'stack',
      'changing',
      undefined,
      'after',
    ])
    expect(written).toMatchObject([
      { fine: 1, bad: '[cannot be read]' },
      { value: '[cannot be read]' },
      { value: '[cannot be read]' },
      { error: '[cannot be read]' },
      { function_request_id: 'id-1', extra: '[cannot be read]' },
      {},
      { fine: 1, bad: '[cannot be read]' },
    ])
  })

  test('tells the trace and the tenant of its invocation', async () => {
    const of = async (context: object) => {
      const { logs } = await collectLogs(() =>
        lambda()
          .use(logger({ completion: false }))
          .handle(({ logger }) => logger.info('x'))({}, { ...fakeContext(), ...context }),
      )
      return logs.json[0]
    }
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-environment;Sampled=1')
    expect(await of({ tenantId: 'blue' })).toMatchObject({ tenant_id: 'blue', xray_trace_id: '1-environment' })
    expect(await of({ xRayTraceId: 'Self=x;Root=1-own;Parent=y' })).toMatchObject({ xray_trace_id: '1-own' })
    expect(await of({ xRayTraceId: '1-bare' })).toMatchObject({ xray_trace_id: '1-bare' })
    vi.stubEnv('AWS_LAMBDA_MAX_CONCURRENCY', '8')
    vi.stubGlobal('awslambda', { InvokeStore: { hasContext: () => false, getXRayTraceId: () => undefined } })
    expect(await of({ xRayTraceId: 'Root=1-own' })).toMatchObject({ xray_trace_id: '1-own' })
    expect(await of({})).not.toHaveProperty('xray_trace_id')
  })
})
