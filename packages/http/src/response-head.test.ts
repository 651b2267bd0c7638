import { HttpError, lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { httpApi } from '../test/requests.ts'
import { http, reply } from './index.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('the response head', () => {
  const handler = lambda(http())
    .use(({ response }, next) => {
      response.headers.set('x-request', 'r')
      response.headers.append('set-cookie', 'seen=1')
      return next()
    })
    .use(async ({ request }, next) =>
      request.path === '/early' ? reply(401, undefined, { 'www-authenticate': 'Bearer' }) : next(),
    )
    .handle(({ request, response }) => {
      if (request.path === '/error') throw new Error('x')
      if (request.path === '/refused') throw new HttpError(403, 'no')
      if (request.path === '/response') return new Response('x')
      if (request.path === '/own') return reply(200, 1, { 'X-Request': 'mine' })
      response.headers.set('x-late', 'l')
      return 1
    })
  test.each([
    ['/', 200, 'r'],
    ['/early', 401, 'r'],
    ['/error', 500, 'r'],
    ['/refused', 403, 'r'],
    ['/response', 200, 'r'],
    ['/own', 200, 'mine'],
  ])('reaches the answer of %s', async (path, status, value) => {
    const answer = await handler(httpApi({ path }), fakeContext())
    expect([answer.statusCode, answer.headers?.['x-request'], answer.cookies]).toEqual([status, value, ['seen=1']])
  })

  test('reaches the deadline’s answer, and is closed after it', async () => {
    let late: unknown
    let done = () => {}
    const ended = new Promise<void>((resolve) => {
      done = resolve
    })
    const hangs = lambda(http(), { deadline: 40, grace: 10 })
      .use(({ response }, next) => {
        response.headers.set('x-request', 'r')
        return next()
      })
      .handle(async ({ response }) => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        try {
          response.headers.set('x-late', 'l')
        } catch (error) {
          late = error
        }
        done()
      })
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const answer = await hangs(httpApi({}), fakeContext({ timeout: 120, awsRequestId: 'id-1' }))
    expect([answer.statusCode, answer.headers]).toEqual([
      504,
      { 'x-request': 'r', 'content-type': 'application/problem+json' },
    ])
    expect(JSON.parse(answer.body ?? '')).toEqual({ title: 'Gateway Timeout', status: 504, requestId: 'id-1' })
    await ended
    expect(late).toMatchObject({ message: 'the header x-late was set after the answer had been given' })
  })
})
