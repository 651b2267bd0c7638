import { HttpError, InputError, lambda, type Middleware } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { httpApiEvent } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { daemon, traced } from '../test/traced.ts'
import { tracer } from './index.ts'

const moment = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms))

describe('what goes wrong', () => {
  test('is recorded with its causes, once where it was thrown and once in all', async () => {
    const xray = await daemon()
    const cause = new TypeError('no connection')
    const handler = lambda()
      .use(tracer())
      .handle(({ tracer }) =>
        tracer.span('outer', () =>
          tracer.span('inner', async () => {
            await moment()
            throw new RangeError('no order', { cause })
          }),
        ),
      )
    await expect(handler({}, traced())).rejects.toThrow('no order')
    const [own, outer, inner] = await xray.until((spans) => spans.length === 3)
    for (const span of [own, inner]) {
      expect(span).toMatchObject({
        fault: true,
        exceptions: [
          { type: 'RangeError', message: 'no order' },
          { type: 'TypeError', message: 'no connection' },
        ],
      })
      const [first, second] = (span?.exceptions ?? []) as { cause?: string; id?: string }[]
      expect(first?.cause).toBe(second?.id)
      expect(span?.exceptions[0]?.stack?.[0]).toMatchObject({ path: expect.stringContaining('failures.test.ts') })
    }
    expect(outer).toMatchObject({ fault: true, raw: { cause: inner?.exceptions[0]?.id } })
  })

  test.each([
    ['a text', 'just a text', { type: 'string', message: 'just a text' }],
    ['nothing', undefined, { type: 'Error', message: 'undefined' }],
    ['a class without a name', new (class Mine extends Error {})('x'), { type: 'Mine', message: 'x' }],
    ['several', new AggregateError([new Error('a'), new TypeError('b')], 'all'), { type: 'AggregateError' }],
    ['a circle', circle(), { type: 'Error', message: 'round' }],
    ['what cannot be read', unreadable(), { type: 'Error', message: '(unreadable)' }],
    ['a long message', new Error('x'.repeat(1_000_000)), { type: 'Error' }],
    ['half a character', new Error('\udc00'), { message: '\ufffd' }],
  ])('%s', async (_, thrown, told) => {
    const xray = await daemon()
    await lambda()
      .use(tracer())
      .handle(async ({ tracer }) => {
        await tracer.span('it', () => Promise.reject(thrown)).catch(() => {})
      })({}, traced())
    const spans = await xray.until((spans) => spans.length === 2)
    if (thrown === undefined) expect(spans[1]?.exceptions[0]).toMatchObject({ message: 'undefined' })
    else expect(spans[1]?.exceptions[0]).toMatchObject(told)
    if (thrown instanceof AggregateError)
      expect(spans[1]?.exceptions.map(({ message }) => message)).toEqual(['all', 'a', 'b'])
  })

  test.each([
    [new HttpError(404, 'no such order'), { error: true, fault: false, throttle: false }, 404],
    [new InputError([]), { error: true, fault: false, throttle: false }, 422],
    [new HttpError(429, 'too many'), { error: true, fault: false, throttle: true }, 429],
    [new HttpError(503, 'later'), { error: false, fault: true, throttle: false }, 503],
    [new Error('boom'), { error: false, fault: true, throttle: false }, 500],
  ])('%s of an HTTP function', async (thrown, flags, status) => {
    const xray = await daemon()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const handler = lambda(http())
      .use(tracer())
      .handle(() => {
        throw thrown
      })
    const result = await handler(httpApiEvent({ method: 'POST', path: '/orders/1', query: { secret: 'x' } }), traced())
    const [span] = await xray.until((spans) => spans.length === 1)
    expect(span).toMatchObject({
      ...flags,
      raw: { http: { request: { method: 'POST', url: '/orders/1' }, response: { status: result.statusCode } } },
    })
    expect(result.statusCode === status || status === 422).toBe(true)
    expect(JSON.stringify(xray.documents)).not.toContain('secret')
    vi.restoreAllMocks()
  })

  test('an answer that says so counts as well', async () => {
    const xray = await daemon()
    const handler = lambda(http())
      .use(tracer())
      .handle(() => reply(404, 'none'))
    await handler(httpApiEvent({ path: '/orders/1' }), traced())
    const [span] = await xray.until((spans) => spans.length === 1)
    expect(span).toMatchObject({ error: true, exceptions: [], raw: { http: { response: { status: 404 } } } })
  })

  test('an early reply of a middleware further in has its span too', async () => {
    const xray = await daemon()
    const early = (async () => reply(429)) as unknown as Middleware
    const handler = lambda(http())
      .use(tracer())
      .use(early)
      .handle(() => 'never')
    expect(await handler(httpApiEvent(), traced())).toMatchObject({ statusCode: 429 })
    const [span] = await xray.until((spans) => spans.length === 1)
    expect(span).toMatchObject({ throttle: true, error: true })
  })
})

function circle(): Error {
  const error = new Error('round')
  return Object.assign(error, { cause: new Error('on', { cause: error }) })
}
function unreadable(): object {
  return new Proxy(new Error('x'), {
    get: () => {
      throw new Error('no')
    },
  })
}
