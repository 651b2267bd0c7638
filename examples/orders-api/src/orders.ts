import { randomUUID } from 'node:crypto'
import { HttpError, lambda } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import { NewOrder, Order, orders } from './store.ts'

export const handler = lambda(http())
  .use(logger({ service: 'orders' }))
  .use(orders)
  .routes((r) => {
    r.post('/orders', { body: NewOrder, response: { 201: Order } }, async ({ body, orders, logger }) => {
      const order = { id: randomUUID(), ...body }
      await orders.add(order)
      logger.info('order placed', { id: order.id })
      return reply(201, order, { location: `/orders/${order.id}` })
    })

    r.get('/orders/{id}', { response: { 200: Order } }, async ({ params, orders }) => {
      const order = await orders.find(params.id)
      if (!order) throw new HttpError(404, `there is no order ${params.id}`)
      return order
    })
  })

await handler.ready()
