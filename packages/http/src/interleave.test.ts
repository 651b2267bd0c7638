import { HttpError, InputError, lambda } from '@fnware/core'
import { interleave, readAnswer, yielding, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { services } from '../test/services.ts'
import { type HttpContext, type HttpEvent, http, reply } from './index.ts'

const Order = z.object({ sku: z.string(), quantity: z.int() })
const waiting = z.string().refine((text) => yields().then(() => text.length > 0))

/** Every way in which a route ends, each with what only this invocation can know. */
const handler = lambda(http())
  .use(yielding(1))
  .use(async ({ request, response }, next) => {
    const mark = request.headers['x-mark'] ?? ''
    response.headers.set('x-head', mark)
    response.headers.append('set-cookie', `before=${mark}`)
    await yields()
    if (request.path.startsWith('/early')) return reply(401, { mark }, { 'www-authenticate': mark })
    try {
      return await next({ mark })
    } finally {
      await yields()
      response.headers.append('x-after', mark)
    }
  })
  .routes((r) => {
    const inner = r.use(async (ctx, next) => {
      await yields()
      return next({ deeper: ctx.mark }, () => ctx.response.headers.append('x-over', ctx.mark))
    })
    inner.post('/orders/{id}', { params: z.object({ id: waiting }), body: Order }, async (ctx) => {
      await yields()
      ctx.response.status = 201
      return { ...seenBy(ctx), sku: ctx.body.sku, mark: ctx.mark, deeper: ctx.deeper }
    })
    inner.get('/bytes/{id}', async (ctx) => {
      await yields()
      return Buffer.from(JSON.stringify(seenBy(ctx)))
    })
    inner.get('/response/{id}', async (ctx) => {
      await yields()
      return Response.json(seenBy(ctx), { headers: { 'set-cookie': `web=${ctx.mark}` } })
    })
    inner.get('/fails/{id}', async (ctx) => {
      await yields()
      throw new Error(`secret of ${ctx.mark}`)
    })
    inner.get('/refuses/{id}', async (ctx) => {
      await yields()
      throw new HttpError(409, `no ${ctx.params.id}`, { headers: { 'x-refused': ctx.mark } })
    })
    inner.get('/blames/{id}', async (ctx) => {
      await yields()
      throw new InputError([{ message: `not ${ctx.mark}`, path: ['a'] }], 'query')
    })
  })

/** Read late, and again. */
const seenBy = ({ request, params }: HttpContext & { params: { id: string } }) => {
  const { route, path, cookies, query, queries } = request
  return { id: params.id, route, path, cookie: cookies.mark, query: query.mark, queries: queries.mark }
}
const kinds = ['orders', 'bytes', 'response', 'fails', 'refuses', 'blames', 'early', 'nothing', 'unfit'] as const
const statuses = {
  orders: 201,
  bytes: 200,
  response: 200,
  fails: 500,
  refuses: 409,
  blames: 400,
  early: 401,
  nothing: 404,
  unfit: 400,
}

const events = new Map<HttpEvent, { readonly mark: string; readonly kind: (typeof kinds)[number] }>()
const event = (mark: string, i: number): HttpEvent => {
  const kind = kinds[i % kinds.length] as (typeof kinds)[number]
  const posts = kind === 'orders' || kind === 'unfit'
  const service = services[i % services.length] as (typeof services)[number]
  const made = service.event({
    method: posts ? 'POST' : 'GET',
    path: `/${kind === 'unfit' ? 'orders' : kind}/${mark}`,
    query: { mark: [mark, mark] },
    headers: { 'x-mark': mark },
    cookies: { mark },
    ...(posts && { body: { sku: mark, quantity: kind === 'unfit' ? mark : 1 } }),
  })
  events.set(made, { mark, kind })
  return made
}

test('64 requests through six services keep requests, heads, cookies, routes and problems to themselves', async () => {
  await interleave(handler, event, {
    check: (result, event, { awsRequestId }, { text }) => {
      const { mark, kind } = events.get(event) as { mark: string; kind: keyof typeof statuses }
      const answer = readAnswer(result)
      expect(answer.status).toBe(statuses[kind])
      expect(answer.headers['x-head']).toBe(mark)
      expect(answer.cookies).toEqual([`before=${mark}`, ...(kind === 'response' ? [`web=${mark}`] : [])])
      // Whatever a middleware says behind next() is said of every answer that came that way.
      expect(answer.headers['x-after']).toBe(kind === 'early' ? undefined : mark)
      const nested = !['early', 'nothing'].includes(kind)
      expect(answer.headers['x-over']).toBe(nested ? mark : undefined)
      const body = JSON.parse(answer.body) as Record<string, unknown>
      if (answer.status < 300) {
        const path = kind === 'orders' ? '/orders/{id}' : `/${kind}/{id}`
        expect(body).toMatchObject({ id: mark, route: path, path: `/${kind}/${mark}`, cookie: mark, query: mark })
      } else if (kind === 'early') expect([body, answer.headers['www-authenticate']]).toEqual([{ mark }, mark])
      else expect(body).toMatchObject({ status: answer.status, requestId: awsRequestId })
      if (kind === 'refuses') expect([body.detail, answer.headers['x-refused']]).toEqual([`no ${mark}`, mark])
      if (kind === 'blames') expect(body.errors).toMatchObject([{ in: 'query', detail: `not ${mark}` }])
      if (kind === 'fails') expect(answer.body).not.toContain('secret')
      expect(text.filter((line) => line.includes('the invocation failed'))).toHaveLength(kind === 'fails' ? 1 : 0)
    },
  })
})
