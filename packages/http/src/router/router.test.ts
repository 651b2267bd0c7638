import { setTimeout as sleep } from 'node:timers/promises'
import { HttpError, lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { asker, json } from '../../test/asker.ts'
import { httpApi, restApi } from '../../test/requests.ts'
import { http, reply } from '../index.ts'

describe('routes', () => {
  const ask = asker(
    lambda(http()).routes((r) => {
      r.get('/', () => 'root')
      r.get('/orders', ({ query }) => ({ page: query.page }))
      r.post('/orders', ({ body }) => reply(201, body))
      r.get('/orders/{id}', ({ params }) => params.id)
      r.put('/orders/{id}', () => undefined)
      r.get('/orders/latest', () => 'the latest')
      r.get('/files/{bucket}/{proxy+}', ({ params }) => [params.bucket, params.proxy])
      r.any('/any', ({ request }) => request.method)
      r.head('/own', () => reply(204, undefined, { 'x-own': 'head' }))
      r.options('/own', () => 'own')
      r.get('/own', () => 'own')
      r.delete('/only/{id}', () => undefined).patch('/only/{id}', () => 1)
    }),
  )

  test('find their handler, with what was in the path', async () => {
    expect((await ask('GET', '/')).body).toBe('root')
    expect((await ask('GET', '/orders', { query: 'page=2' })).body).toEqual({ page: '2' })
    expect(await ask('POST', '/orders', json({ a: 1 }))).toMatchObject({ status: 201, body: { a: 1 } })
    expect((await ask('GET', '/orders/a%20b')).body).toBe('a b')
    expect((await ask('GET', '/orders/latest')).body).toBe('the latest')
    expect((await ask('GET', '/files/b/x/y')).body).toEqual(['b', 'x/y'])
    expect((await ask('PATCH', '/only/1')).body).toBe(1)
    for (const method of ['GET', 'DELETE', 'PROPFIND']) expect((await ask(method, '/any')).body).toBe(method)
  })

  test('are tried from the most particular on', async () => {
    const ask = asker(
      lambda(http()).routes((r) => {
        r.get('/{proxy+}', () => 'rest')
        r.get('/{id}', () => 'parameter')
        r.get('/fixed', () => 'fixed')
        r.post('/{id}', () => 'posted')
        r.get('/fixed/a', () => 'deep')
      }),
    )
    expect((await ask('GET', '/fixed')).body).toBe('fixed')
    expect((await ask('GET', '/other')).body).toBe('parameter')
    expect((await ask('GET', '/fixed/b')).body).toBe('rest')
    expect((await ask('POST', '/fixed')).body).toBe('posted')
    expect((await ask('GET', '/fixed/a')).body).toBe('deep')
  })

  test('that are not there are a 404', async () => {
    for (const path of ['/nothing', '/orders/1/2', '/orders/', '/files/b', '/__proto__', '/orders/1/../2'])
      expect(await ask('GET', path)).toMatchObject({
        status: 404,
        body: { title: 'Not Found', status: 404, detail: `there is nothing at ${path}` },
      })
  })

  test('that are not there cost no stack, and take none from other errors', async () => {
    const errors: unknown[] = []
    const handler = lambda(http())
      .use((ctx, next) => {
        ctx.defer(({ error }) => errors.push(error))
        return next()
      })
      .routes((r) => r.get('/', () => 1))
    const before = Error.stackTraceLimit
    await handler(httpApi({ path: '/nothing' }), fakeContext())
    expect(errors).toMatchObject([{ name: 'HttpError', status: 404 }])
    expect((errors[0] as Error).stack).not.toContain('\n    at ')
    expect(Error.stackTraceLimit).toBe(before)
  })

  test('without the method are a 405 that says which there are', async () => {
    expect(await ask('DELETE', '/orders')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST, HEAD, OPTIONS', 'content-type': 'application/problem+json' },
      body: { title: 'Method Not Allowed', detail: '/orders has no DELETE' },
    })
    expect((await ask('GET', '/only/1')).headers?.allow).toBe('DELETE, PATCH, OPTIONS')
    expect((await ask('PUT', '/orders/latest')).status).toBe(204)
    expect((await ask('DELETE', '/orders/latest')).headers?.allow).toBe('GET, PUT, HEAD, OPTIONS')
  })

  test('answer HEAD as they would GET, without the body', async () => {
    expect(await ask('HEAD', '/orders/7')).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: undefined,
    })
    expect((await ask('HEAD', '/own')).headers).toEqual({ 'x-own': 'head' })
    expect((await ask('HEAD', '/only/1')).status).toBe(405)
  })

  test('answer OPTIONS with what they allow', async () => {
    expect(await ask('OPTIONS', '/orders')).toEqual({
      status: 204,
      headers: { allow: 'GET, POST, HEAD, OPTIONS' },
      body: undefined,
    })
    expect((await ask('OPTIONS', '/own')).body).toBe('own')
    expect((await ask('OPTIONS', '/nothing')).status).toBe(404)
  })

  test('are not found where a path begins without a slash, and `*` stands for the whole', async () => {
    expect(await ask('OPTIONS', '*')).toEqual({ status: 204, headers: { allow: 'OPTIONS' }, body: undefined })
    expect((await ask('GET', '*')).status).toBe(405)
    for (const path of ['xorders', 'orders', 'http://x/orders', '*/orders', '\\orders'])
      expect((await ask('GET', path)).status).toBe(404)
  })

  test('are the same through every service', async () => {
    const handler = lambda(http()).routes((r) => r.get('/orders/{id}', ({ params }) => params.id))
    expect((await handler(restApi({ path: '/orders/7' }), fakeContext())).body).toBe('"7"')
  })
})

test('64 requests at once never see each other', async () => {
  const handler = lambda(http())
    .use(async ({ request, response }, next) => {
      await sleep(Math.random() * 5)
      response.headers.set('x-id', request.query.id ?? '')
      return next({ id: request.query.id })
    })
    .routes((r) => {
      r.post('/orders/{n}', { body: z.object({ n: z.string() }) }, async ({ params, body, id, request }) => {
        await sleep(Math.random() * 5)
        if (Number(id) % 3 === 0) throw new HttpError(409, `${id}`)
        return [params.n, body.n, id, request.route]
      })
    })
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, i) =>
      handler(
        httpApi({ method: 'POST', path: `/orders/${i}`, query: `id=${i}`, ...json({ n: `${i}` }) }),
        fakeContext(),
      ),
    ),
  )
  for (const [i, { headers, body }] of answers.entries()) {
    expect(headers?.['x-id']).toBe(`${i}`)
    expect(JSON.parse(body ?? '')).toEqual(
      i % 3 === 0 ? expect.objectContaining({ detail: `${i}` }) : [`${i}`, `${i}`, `${i}`, '/orders/{n}'],
    )
  }
})

test('mistakes are found where the routes are declared', () => {
  const routes = (define: (r: never) => unknown) => () => lambda(http()).routes(define as never)
  expect(routes(() => {})).toThrow('.routes() was given no route')
  expect(() => lambda(http()).routes(undefined as never)).toThrow('.routes() takes a function')
  expect(routes((r: { get: Function }) => r.get('/x'))).toThrow('the route GET /x ends with its handler, not undefined')
  expect(routes((r: { get: Function }) => r.get('/x', { quary: z.string() }, () => 1))).toThrow(
    'the route GET /x: there is no option `quary`: did you mean `query`?',
  )
  expect(routes((r: { get: Function }) => r.get('/x', { query: {} }, () => 1))).toThrow(
    'the route GET /x: `query` must be a Standard Schema',
  )
  expect(routes((r: { get: Function }) => r.get('/x', { response: { 200: 5 } }, () => 1))).toThrow(
    'the route GET /x: response 200 takes a Standard Schema',
  )
  expect(routes((r: { get: Function }) => r.get('/x/:id', () => 1))).toThrow(
    ':id is no parameter, which takes a whole segment as {id}',
  )
  expect(routes((r: { use: Function }) => r.use({}))).toThrow('r.use() takes a middleware')
})

test('a function tells which routes it has', () => {
  const handler = lambda(http()).routes((r) => {
    r.get('/orders/{id}', () => 1)
    r.post('/orders', () => 1)
  })
  expect((handler as unknown as Record<symbol, unknown>)[Symbol.for('fnware.routes')]).toEqual([
    { method: 'GET', path: '/orders/{id}' },
    { method: 'POST', path: '/orders' },
  ])
})
