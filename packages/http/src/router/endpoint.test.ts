import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import * as z from 'zod'
import { httpApi, type Sent } from '../../test/requests.ts'
import { type HttpEvent, type HttpResult, http, reply } from '../index.ts'

let error: MockInstance
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const post = async (handler: (event: HttpEvent, context: never) => Promise<HttpResult>, sent: Sent = {}) => {
  const { statusCode, body } = await handler(httpApi({ method: 'POST', path: '/7', ...sent }), fakeContext() as never)
  return [statusCode, body && JSON.parse(body)]
}
const Count = z.object({ n: z.coerce.number() })
const Later = Count.refine(async ({ n }) => n < 100)

describe('what the handler is given', () => {
  test.each([
    ['at once', Count, Count, Count],
    ['when the parameters are known', Later, Count, Count],
    ['when the query is known', Count, Later, Count],
    ['when the body is known', Count, Count, Later],
  ])('is what the schemas made of the request, %s', async (_, params, query, body) => {
    const handler = lambda(http()).routes((r) =>
      r.post('/{n}', { params, query, body }, (ctx) => [ctx.params, ctx.query, ctx.body]),
    )
    expect(await post(handler, { query: 'n=8', body: '{"n":"9"}' })).toEqual([200, [{ n: 7 }, { n: 8 }, { n: 9 }]])
    expect(await post(handler, { path: '/x', query: 'n=8', body: '{"n":"9"}' })).toMatchObject([
      400,
      { detail: 'the params is not as it must be: see errors', errors: [{ in: 'params', pointer: '#/n' }] },
    ])
  })

  test('has the body beside it, also for who takes the rest', async () => {
    const handler = lambda(http()).routes((r) =>
      r.post('/{n}', ({ params, query, ...rest }) => [params, query, rest.body]),
    )
    expect(await post(handler, { query: 'a=1', body: '{"b":2}' })).toEqual([200, [{ n: '7' }, { a: '1' }, { b: 2 }]])
  })

  test('is left behind at the deadline, with a body or without', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const handler = lambda(http(), { deadline: 40, grace: 10 }).routes((r) => {
      r.post('/plain', () => new Promise(() => {}))
      r.post('/checked', { body: Count }, () => new Promise<never>(() => {}))
    })
    for (const path of ['/plain', '/checked']) {
      const event = httpApi({ method: 'POST', path, body: '{"n":1}' })
      expect((await handler(event, fakeContext({ timeout: 120 }))).statusCode).toBe(504)
    }
  })
})

describe('what a route promises', () => {
  const promising = (response: { readonly [status: number]: z.ZodType }, output: () => unknown) =>
    lambda(http()).routes((r) => r.post('/{n}', { response }, output as never))
  const Fit = z.object({ a: z.int() })

  test.each([
    [[200, 201, 202], 200],
    [[202, 201], 201],
    [[202, 404], 202],
  ])('of %j sends a bare result as the lowest success', async (statuses, status) => {
    const promised = Object.fromEntries(statuses.map((status) => [status, z.object({ [`s${status}`]: z.int() })]))
    const result = Object.fromEntries(statuses.map((status) => [`s${status}`, 1]))
    expect(await post(promising(promised, () => result))).toEqual([status, { [`s${status}`]: 1 }])
  })

  test('leaves a status alone that it does not name', async () => {
    expect(await post(promising({ 200: Fit }, () => reply(409, { a: 'x' })))).toEqual([409, { a: 'x' }])
    expect(await post(promising({ 404: Fit }, () => ({ a: 'x' })))).toEqual([200, { a: 'x' }])
  })

  test('holds for the status of the head', async () => {
    const handler = lambda(http()).routes((r) =>
      r.post('/{n}', { response: { 200: Fit, 202: z.object({ b: z.int() }) } }, ({ response }) => {
        response.status = 202
        return { a: 1, b: 2 }
      }),
    )
    expect(await post(handler)).toEqual([202, { b: 2 }])
  })

  test('keeps the headers of a reply', async () => {
    const handler = promising({ 201: Fit }, () => reply(201, { a: 1, b: 2 }, { location: '/1' }))
    const answer = await handler(httpApi({ method: 'POST', path: '/7' }), fakeContext())
    expect(answer).toMatchObject({ statusCode: 201, headers: { location: '/1' }, body: '{"a":1}' })
  })

  test.each([
    ['at once', Fit],
    ['later', Fit.refine(async () => true)],
  ])('and breaks, found %s, is no fault of the client', async (_, schema) => {
    expect(await post(promising({ 200: schema }, () => ({ a: 'x' })))).toMatchObject([500, { status: 500 }])
    expect(error.mock.calls[0]?.[0]).toMatch('OutputError: the result does not fit its schema: /a')
  })

  test.each([
    [
      'at once',
      () => {
        throw new Error('broken schema')
      },
    ],
    [
      'later',
      async () => {
        throw new Error('broken schema')
      },
    ],
  ])('in a schema that throws %s is told so', async (_, validate) => {
    const schema = { '~standard': { version: 1, vendor: 'test', validate } } as never
    expect(await post(promising({ 200: schema }, () => 1))).toMatchObject([500, { status: 500 }])
    expect(error.mock.calls[0]?.[0]).toMatch(/broken schema/)
    expect(error.mock.calls[0]?.[0]).not.toMatch('OutputError')
  })
})

test('a route has a line about itself, if anything', () => {
  const routes = (summary: unknown) => () =>
    lambda(http()).routes((r) => r.get('/', { summary: summary as string }, () => 1))
  expect(routes('The root.')).not.toThrow()
  expect(routes(5)).toThrow('the route GET /: `summary` must be a string')
})
