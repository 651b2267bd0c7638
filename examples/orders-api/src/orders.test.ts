import { collectLogs, fakeContext, httpApiEvent, readAnswer } from '@fnware/testing'
import type { RunningService } from 'fnware'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { services } from '../dev/services.ts'
import type { Order } from './order.ts'

// The function as it is, with a database and Secrets Manager of this machine.

let running: RunningService
let handler: typeof import('./orders.ts').handler
beforeAll(async () => {
  running = await services('orders-api-test')
  Object.assign(process.env, running.environment)
  ;({ handler } = await import('./orders.ts'))
})
afterAll(async () => {
  await handler.dispose()
  await running.stop?.()
})

const ask = async (method: string, path: string, body?: unknown) => {
  const event = httpApiEvent({ method, path, ...(body !== undefined && { body }) })
  const { result, logs } = await collectLogs(() => handler(event, fakeContext()))
  return { ...readAnswer(result), logs: logs.json }
}

test('an order is placed, logged, and found again', async () => {
  const placed = await ask('POST', '/orders', { sku: 'A-1', quantity: 2 })
  const order = placed.json() as Order
  expect(placed.status).toBe(201)
  expect(order).toEqual({ id: expect.any(String), sku: 'A-1', quantity: 2 })
  expect(placed.headers.location).toBe(`/orders/${order.id}`)
  expect(placed.logs.flatMap(({ message }) => message ?? [])).toEqual(['order placed', 'POST /orders 201'])
  expect(placed.logs).toContainEqual(expect.objectContaining({ service: 'orders', ordersPlaced: 1, itemsOrdered: 2 }))
  const found = await ask('GET', `/orders/${order.id}`)
  expect([found.status, found.json()]).toEqual([200, order])
})

test('what a client does wrong is a problem', async () => {
  expect((await ask('GET', '/orders/nope')).status).toBe(404)
  expect((await ask('GET', '/orders/00000000-0000-4000-8000-000000000000')).status).toBe(404)
  const wrong = await ask('POST', '/orders', { sku: '', quantity: 1.5 })
  expect([wrong.status, wrong.headers['content-type']]).toEqual([400, 'application/problem+json'])
  expect(wrong.json()).toMatchObject({ errors: [{ pointer: '#/sku' }, { pointer: '#/quantity' }] })
})
