import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { pointer, toError } from './extend.ts'
import { DeadlineError, HttpError, InputError, isError, lambda, OutputError } from './index.ts'

const issues = [{ message: 'must be text', path: ['items', 0, { key: 'a/b' }] }, { message: 'is not enough' }]

describe('an error of fnware’s', () => {
  const all = {
    InputError: new InputError(issues),
    HttpError: new HttpError(404),
    DeadlineError: new DeadlineError('late'),
  }
  test.each(Object.keys(all) as (keyof typeof all)[])('is known as a %s, and as nothing else', (name) => {
    for (const [other, error] of Object.entries(all)) expect(isError(error, name)).toBe(other === name)
    expect(all[name].name).toBe(name)
  })

  test('is known whichever copy of the package made it', () => {
    const foreign = Object.assign(new Error(), { [Symbol.for('fnware.error')]: 'HttpError' })
    expect(isError(foreign, 'HttpError')).toBe(true)
    expect(isError(foreign, 'InputError')).toBe(false)
  })

  test('is not known by its name alone, and nothing else is one', () => {
    for (const other of [Object.assign(new Error(), { name: 'HttpError' }), null, undefined, 'HttpError', {}])
      expect(isError(other, 'HttpError')).toBe(false)
  })

  test('shows nothing of how it is known', () => {
    for (const error of Object.values(all)) expect(inspect(error)).not.toContain('Symbol')
  })
})

describe('an InputError', () => {
  test('says what is wrong, and where', () => {
    const error = new InputError(issues, 'body')
    expect(error).toMatchObject({ message: '/items/0/a~1b must be text; is not enough', in: 'body', issues })
    expect(new InputError([])).toMatchObject({ message: 'Invalid input', in: 'event' })
  })

  test('of a great many issues has them all, and says the first hundred', () => {
    const many = Array.from({ length: 150 }, (_, i) => ({ message: 'is wrong', path: [i] }))
    const error = new InputError(many)
    expect(error.issues).toBe(many)
    expect(error.message.split('; ')).toEqual(many.slice(0, 100).map((_, i) => `/${i} is wrong`))
  })

  test('has no stack, and takes nobody else’s', () => {
    const before = Error.stackTraceLimit
    expect(new InputError(issues).stack).not.toContain('\n    at ')
    expect(Error.stackTraceLimit).toBe(before)
    expect(new Error('x').stack).toContain('\n    at ')
  })
})

test('an OutputError says what does not fit', () => {
  expect(new OutputError(issues)).toMatchObject({
    name: 'OutputError',
    message: 'the result does not fit its schema: /items/0/a~1b must be text; is not enough',
    issues,
  })
})

describe('an HttpError', () => {
  test('has a message of its own, its detail’s or its status’s', () => {
    expect(new HttpError(409, 'taken')).toMatchObject({ status: 409, detail: 'taken', message: 'taken' })
    expect(new HttpError(404)).toMatchObject({ detail: undefined, message: 'HTTP 404', headers: {}, extensions: {} })
  })

  test('keeps what it is given, and its cause', () => {
    const cause = new Error('why')
    const options = { type: 'a:b', title: 'T', headers: { a: 'b' }, extensions: { c: 1 } }
    const error = new HttpError(503, 'no', { ...options, cause })
    expect(error).toMatchObject(options)
    expect(error.cause).toBe(cause)
  })

  test('has a status of 400 to 599', () => {
    for (const status of [400, 599]) expect(new HttpError(status).status).toBe(status)
    for (const status of [399, 600, 200, 400.5, Number.NaN, '404' as never])
      expect(() => new HttpError(status)).toThrow(
        new TypeError(`an HttpError takes a status from 400 to 599, not ${status}: answer others by reply()`),
      )
  })
})

describe('what was thrown', () => {
  test('stays what it is where it is an Error, also one of another realm', () => {
    for (const error of [new TypeError('x'), runInNewContext('new Error("y")')]) expect(toError(error)).toBe(error)
  })

  test.each([
    ['boom "x"', '"boom \\"x\\""'],
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: 1 }, 'an object'],
    [() => 1, 'an object'],
    [[], 'an object'],
  ])('is named where it is %o', (thrown, words) => {
    const error = toError(thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe(`${words} was thrown, which is not an Error: throw new Error(…)`)
    expect(error.cause).toBe(thrown)
  })

  test('may not let itself be looked at', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const error = toError(proxy)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe('what was thrown cannot be looked at: throw new Error(…)')
  })
})

test('a pointer is empty for the whole, and escapes as RFC 6901 wants it', () => {
  expect(pointer()).toBe('')
  expect(pointer([])).toBe('')
  expect(pointer(['~', '/', '~/'])).toBe('/~0/~1/~0~1')
  expect(pointer(['', 'a~/b', 0, { key: 1 }, { key: '~1' }])).toBe('//a~0~1b/0/1/~01')
})

describe('in the log', () => {
  let log: MockInstance
  beforeEach(() => {
    log = vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => vi.restoreAllMocks())

  /** What is written of an error, without the lines of its stacks. */
  const written = async (thrown: unknown, context: unknown = fakeContext({ awsRequestId: 'id' })) => {
    const handler = lambda(echo()).handle(() => {
      throw thrown
    })
    await handler({ n: 1 }, context as never)
    return String(log.mock.calls[0]?.[0])
      .replaceAll(/\n {4}at .*/g, '')
      .split('\n')
  }

  test('an error stands with its causes, but not without end', async () => {
    const circular = new Error('circular')
    circular.cause = new Error('inner', { cause: circular })
    expect(await written(circular)).toEqual([
      'id: the invocation failed',
      'Error: circular',
      '[cause] Error: inner',
      '[cause] Error: circular',
      '[cause] Error: inner',
      '[cause] Error: circular',
      '[cause] Error: inner',
    ])
  })

  test('neither do errors of errors', async () => {
    const circular = new AggregateError([], 'a')
    circular.errors.push(circular)
    expect(await written(circular)).toEqual([
      'id: the invocation failed',
      'AggregateError: a',
      ...Array(5).fill('[error] AggregateError: a'),
    ])
  })

  test('an error of an invocation without a context of Lambda stands too', async () => {
    expect((await written(new Error('x'), null))[1]).toBe('Error: x')
  })

  test('an AggregateError stands with all of its errors, and a cause may be anything', async () => {
    const error = new AggregateError([new Error('a', { cause: 'text' }), 'b'], 'both', { cause: null })
    expect(await written(error)).toEqual([
      'id: the invocation failed',
      'AggregateError: both',
      '[error] Error: a',
      '[cause] text',
      '[error] b',
      '[cause] null',
    ])
  })

  test('nothing else that hangs on an error stands', async () => {
    expect(await written(Object.assign(new Error('x'), { token: 'hush', errors: [new Error('hush')] }))).toEqual([
      'id: the invocation failed',
      'Error: x',
    ])
  })
})
