import { collectLogs, fakeContext, httpApiEvent, readAnswer } from '@fnware/testing'
import { expect, test } from 'vitest'
import { handler } from './orders.ts'
import type { Order, Orders } from './store.ts'

/** The function as it is, with a store in memory. */
const api = () => {
  const kept = new Map<string, Order>()
  const orders: Orders = { add: async (order) => void kept.set(order.id, order), find: async (id) => kept.get(id) }
  const tested = handler.with({ orders })
  return async (method: string, path: string, body?: unknown) => {
    const event = httpApiEvent({ method, path, ...(body !== undefined && { body }) })
    const { result, logs } = await collectLogs(() => tested(event, fakeContext()))
    return { ...readAnswer(result), logs: logs.json }
  }
}

test('an order is placed, logged, and found again', async () => {
  const ask = api()
  const placed = await ask('POST', '/orders', { sku: 'A-1', quantity: 2 })
  const order = placed.json() as Order
  expect(placed.status).toBe(201)
  expect(order).toEqual({ id: expect.any(String), sku: 'A-1', quantity: 2 })
  expect(placed.headers.location).toBe(`/orders/${order.id}`)
  expect(placed.logs.map(({ message }) => message)).toEqual(['order placed', 'POST /orders 201'])
  const found = await ask('GET', `/orders/${order.id}`)
  expect([found.status, found.json()]).toEqual([200, order])
})

test('what a client does wrong is a problem', async () => {
  const ask = api()
  expect((await ask('GET', '/orders/nope')).status).toBe(404)
  const wrong = await ask('POST', '/orders', { sku: '', quantity: 1.5 })
  expect([wrong.status, wrong.headers['content-type']]).toEqual([400, 'application/problem+json'])
  expect(wrong.json()).toMatchObject({ errors: [{ pointer: '#/sku' }, { pointer: '#/quantity' }] })
})
