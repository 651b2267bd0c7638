import { lambda } from '@fnware/core'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { asker, json } from '../../test/asker.ts'
import type { Sent } from '../../test/requests.ts'
import { http, reply } from '../index.ts'

describe('what a route checks', () => {
  const Order = z.object({ id: z.string(), quantity: z.int() })
  const ask = asker(
    lambda(http()).routes((r) => {
      r.get(
        '/orders/{id}',
        {
          params: z.object({ id: z.coerce.number() }),
          query: z.object({ tag: z.array(z.string()).optional(), dry: z.stringbool().default(false) }),
        },
        ({ params, query }) => ({ ...params, ...query }),
      )
      r.post('/orders', { body: Order, response: { 201: Order } }, ({ body }) => ({ ...body, secret: 'x' }))
      r.put(
        '/orders',
        {
          body: z.object({ quantity: z.int() }).refine(async () => true),
          response: { 200: Order, 404: z.object({ why: z.string() }) },
        },
        ({ body }) => (body.quantity === 0 ? reply(404, { why: 'none' }) : { id: 'x', quantity: body.quantity / 2 }),
      )
    }),
  )

  test('is what the schemas make of it', async () => {
    expect((await ask('GET', '/orders/7', { query: 'tag=a&tag=b&dry=true' })).body).toEqual({
      id: 7,
      tag: ['a', 'b'],
      dry: true,
    })
    expect((await ask('GET', '/orders/7')).body).toEqual({ id: 7, dry: false })
  })

  test('is refused with the place', async () => {
    expect(await ask('GET', '/orders/x')).toMatchObject({
      status: 400,
      body: { errors: [{ in: 'params', pointer: '#/id' }] },
    })
    expect(await ask('GET', '/orders/7', { query: 'dry=maybe' })).toMatchObject({
      status: 400,
      body: { errors: [{ in: 'query', pointer: '#/dry' }] },
    })
    expect(await ask('POST', '/orders', json({ id: 5 }))).toMatchObject({
      status: 400,
      body: {
        errors: [
          { in: 'body', pointer: '#/id' },
          { in: 'body', pointer: '#/quantity' },
        ],
      },
    })
    expect((await ask('POST', '/orders', { body: '{', headers: { 'content-type': 'application/json' } })).status).toBe(
      400,
    )
  })

  test('is also what it answers: bare under the lowest success, and no more than was promised', async () => {
    expect(await ask('POST', '/orders', json({ id: 'a', quantity: 1 }))).toMatchObject({
      status: 201,
      body: { id: 'a', quantity: 1 },
    })
    expect((await ask('POST', '/orders', json({ id: 'a', quantity: 1 }))).body).not.toHaveProperty('secret')
    expect(await ask('PUT', '/orders', json({ quantity: 0 }))).toMatchObject({ status: 404, body: { why: 'none' } })
    expect(await ask('PUT', '/orders', json({ quantity: 4 }))).toMatchObject({
      status: 200,
      body: { id: 'x', quantity: 2 },
    })
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect((await ask('PUT', '/orders', json({ quantity: 3 }))).status).toBe(500)
    expect(error.mock.calls[0]?.[0]).toMatch(/OutputError: the result does not fit its schema: \/quantity/)
    error.mockRestore()
  })
})

test('a route without a schema leaves the body alone until it is asked for', async () => {
  const ask = asker(
    lambda(http()).routes((r) => {
      r.post('/hook', ({ request }) => request.text())
      r.post('/read', ({ body }) => body)
    }),
  )
  const broken: Sent = { body: '{"a":', headers: { 'content-type': 'application/json' } }
  expect(await ask('POST', '/hook', broken)).toMatchObject({ status: 200, body: '{"a":' })
  expect((await ask('POST', '/read', broken)).status).toBe(400)
  expect((await ask('POST', '/read', json({ a: 1 }))).body).toEqual({ a: 1 })
})
