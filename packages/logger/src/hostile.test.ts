import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Extra, type Logger, logger } from './index.ts'

const secret = 'hunter2-of-the-test'
const hush = { password: secret, shown: 'shown' }

const fail = (message: string): never => {
  throw new Error(message)
}
const getter = (name: string, get: () => unknown, on: object = {}) =>
  Object.defineProperty(on, name, { enumerable: true, configurable: true, get })
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
const circular = () => {
  const it: Record<string, unknown> = { ...hush }
  it.self = it
  it.list = [it, { up: it }]
  it.map = new Map([['it', it]])
  return it
}
const circularError = () => {
  const error = Object.assign(new AggregateError([], 'round'), hush)
  error.cause = error
  error.errors.push(error, { error })
  return error
}
const deep = (depth: number, wrap: (inner: unknown) => unknown) => {
  let it: unknown = hush
  for (let i = 0; i < depth; i++) it = wrap(it)
  return it
}
class Account {
  readonly #hidden = secret
  readonly password = secret
  readonly token = { value: secret }
  get shown() {
    return this.#hidden.length
  }
}
class Self {
  readonly authorization = secret
  toJSON() {
    return this
  }
}

/** What a program may come to log, each with a secret in it. */
const values: Readonly<Record<string, () => unknown>> = {
  'a circle': circular,
  'an Error that is its own cause': circularError,
  'a Map with keys of every kind': () =>
    new Map<unknown, unknown>([
      ['password', secret],
      [{ token: secret }, 1],
      [Symbol('token'), secret],
      [5, hush],
      [null, hush],
    ]),
  'a Map with a key that cannot be a string': () => new Map([[Object.create(null), secret]]),
  'a Set of Maps': () => new Set([new Map([['token', new Set([secret])]])]),
  'Errors by hundreds': () => {
    let error = Object.assign(new Error('0'), hush)
    for (let i = 1; i < 300; i++) error = Object.assign(new Error(`${i}`, { cause: error }), hush)
    return error
  },
  'Errors of Errors': () =>
    new AggregateError([Object.assign(new Error('a'), hush), hush, 'text', null, circularError()]),
  'an Error whose message throws': () => getter('message', () => fail('message'), Object.assign(new Error('x'), hush)),
  'an Error whose stack is a secret’s': () => Object.assign(new Error('x'), { stack: { ...hush }, name: { ...hush } }),
  'an Error whose name throws': () => getter('name', () => fail('name'), Object.assign(new Error('x'), hush)),
  'an Error whose cause throws': () => getter('cause', () => fail('cause'), Object.assign(new Error('x'), hush)),
  'an Error behind a Proxy': () => new Proxy(Object.assign(new Error('x'), hush), { get: () => fail('get') }),
  'getters that throw': () => getter('a', () => fail('a'), { ...hush }),
  'a getter of a secret': () => getter('password', () => secret),
  'a toJSON() that throws': () => ({ ...hush, toJSON: () => fail('toJSON') }),
  'a toJSON() that gives the secret': () => ({ toJSON: () => ({ toJSON: () => hush }) }),
  'a toJSON() that gives itself': () => new Self(),
  'a toJSON() that goes on for ever': () => {
    const make = (): object => ({ ...hush, toJSON: make })
    return make()
  },
  'a toJSON() under a secret’s name': () => ({ password: { toJSON: () => secret } }),
  'a toJSON that is none': () => ({ ...hush, toJSON: 5 }),
  'a function that writes itself': () => Object.assign(() => {}, { toJSON: () => hush }),
  symbols: () => ({ [Symbol('password')]: secret, a: Symbol(secret), ...hush }),
  'arrays in arrays': () => deep(10_000, (inner) => [inner]),
  'objects in objects': () => deep(10_000, (inner) => ({ inner })),
  'causes in causes': () => deep(2_000, (inner) => new Error('x', { cause: inner })),
  'Maps in Maps': () => deep(2_000, (inner) => new Map([['inner', inner]])),
  'toJSON()s in toJSON()s': () => deep(2_000, (inner) => ({ toJSON: () => inner })),
  'a hundred thousand things': () => Array.from({ length: 100_000 }, () => ({ ...hush })),
  'a graph that doubles': () => deep(60, (inner) => [inner, inner]),
  BigInts: () => ({ big: 5n ** 50n, list: [1n, { token: 5n }], ...hush }),
  'an instance': () => new Account(),
  'an object without a prototype': () => Object.assign(Object.create(null), hush),
  'a frozen object': () => Object.freeze({ ...hush, inner: Object.freeze({ ...hush }) }),
  bytes: () => ({
    a: Buffer.from(secret),
    b: new TextEncoder().encode(secret).buffer,
    c: new DataView(new ArrayBuffer(8)),
  }),
  'Dates that are none': () => ({ date: new Date(Number.NaN), ...hush }),
  'a sparse array': () => Object.assign(Array(3), { 1: hush }, hush),
  'boxed values': () => ({ a: Object(secret.slice(0, 4)), password: Object(secret), b: Object(5n), c: Object(true) }),
  'a Proxy that throws': () =>
    new Proxy(hush, { get: () => fail('get'), ownKeys: () => fail('keys'), getPrototypeOf: () => fail('proto') }),
  'a Proxy that lies': () => new Proxy(hush, { ownKeys: () => ['password', 'shown', 'shown2'] as never }),
  'a revoked Proxy': revoked,
  'a Promise': () => Object.assign(Promise.resolve(secret), hush),
  'a client’s prototype': () =>
    JSON.parse(`{"__proto__":{"password":"${secret}"},"constructor":{"prototype":{"token":"${secret}"}}}`),
  'keys that Powertools has': () => ({
    level: hush,
    message: hush,
    timestamp: hush,
    service: hush,
    sampling_rate: hush,
    ...hush,
  }),
  'an `extra` of one’s own': () => ({ extra: hush, level: 'INFO' }),
  'an `error` that is none': () => ({ error: hush, cause: hush }),
  pairs: () => [
    ['Authorization', secret],
    ['x', 'y'],
  ],
  'named values': () => [
    { name: 'password', value: secret },
    { key: 'x-api-key', value: [secret] },
  ],
}

const ways: Readonly<Record<string, (logger: Logger, value: never) => void>> = {
  extra: (logger, value) => logger.info('said', value),
  'a key of extra': (logger, value) => logger.info('said', { value }),
  'a list': (logger, value) => logger.info('said', [value, value]),
  message: (logger, value) => logger.info(value),
  'the keys of a child': (logger, value) => logger.child(value).info('said'),
  'a key of a child’s child': (logger, value) => logger.child({ value }).child({ more: value }).info('said'),
  'appended keys': (logger, value) => {
    const own = logger.child({})
    own.appendKeys(value)
    own.appendKeys({ value })
    own.info('said')
  },
}

const written = async (run: (logger: Logger) => unknown) => {
  const handler = lambda()
    .use(logger({ completion: false }))
    .handle(({ logger }) => {
      run(logger)
    })
  const { logs } = await collectLogs(() => handler({}, fakeContext()))
  return logs
}

describe.each(Object.entries(values))('%s', (_, make) => {
  test.each(Object.entries(ways))('as %s is one line of JSON, without the secret', async (_, way) => {
    const { text, json } = await written((logger) => way(logger, make() as never))
    expect(json).toHaveLength(text.length)
    expect(json).toHaveLength(1)
    expect(json[0]).toMatchObject({
      level: 'INFO',
      timestamp: expect.any(String),
      function_request_id: expect.any(String),
    })
    expect(text[0]).not.toContain(secret)
    expect(text[0]?.length).toBeLessThan(5_000_000)
  })

  test('thrown, or the cause of what is thrown, is told once, without the secret', async () => {
    for (const thrown of [make(), new Error('outer', { cause: make() })]) {
      const handler = lambda()
        .use(logger())
        .handle(() => {
          throw thrown
        })
      const { logs } = await collectLogs(() => handler({}, fakeContext()).catch(() => {}))
      expect(logs.json).toHaveLength(logs.text.length)
      expect(logs.json.map(({ message }) => message).sort()).toEqual(['function error', 'the invocation failed'])
      expect(logs.text.join('\n')).not.toContain(secret)
    }
  })

  test('among the keys of all lines does no harm', async () => {
    const handler = lambda()
      .use(logger({ keys: { value: make() }, completion: false }))
      .handle(({ logger }) => logger.info('said'))
    const { logs } = await collectLogs(() => handler({}, fakeContext()))
    expect(logs.json).toMatchObject([{ message: 'said' }])
    expect(logs.text.join('\n')).not.toContain(secret)
  })
})

test('whatever is logged is one line of JSON', async () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
    maxDepth: 4,
  })
  const way = fc.constantFrom(...Object.values(ways))
  await fc.assert(
    fc.asyncProperty(anything, way, async (value, way) => {
      const { text, json } = await written((logger) => way(logger, value as Extra as never))
      expect([text.length, json.length]).toEqual([1, 1])
    }),
    { numRuns: 300 },
  )
}, 30_000)

test('a text of ten million letters is a line', async () => {
  const { json } = await written((logger) => logger.info('said', { long: 'x'.repeat(10_000_000) }))
  expect(json).toMatchObject([{ message: 'said' }])
})
