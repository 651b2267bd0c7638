import { randomUUID } from 'node:crypto'
import { HttpError, lambda } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import { metrics } from '@fnware/metrics'
import { postgres } from '@fnware/rds/postgres'
import { secret, secrets } from '@fnware/secrets'
import { tracer } from '@fnware/tracer'
import * as z from 'zod'
import { NewOrder, Order } from './order.ts'
import { ordersIn } from './orders-table.ts'

/** What RDS writes into a secret. */
const Database = z.object({ username: z.string(), password: z.string(), host: z.string(), port: z.number() })

const { DB_SECRET = 'orders/database', DB_PROXY, DB_CA } = process.env

export const handler = lambda(http())
  .use(logger({ service: 'orders', buffer: true }))
  .use(tracer({ service: 'orders' }))
  .use(
    metrics({
      namespace: 'shop',
      service: 'orders',
      metrics: { ordersPlaced: 'Count', itemsOrdered: 'Count' },
      outcome: true,
      health: true,
    }),
  )
  .use(secrets({ database: secret(DB_SECRET, Database) }))
  .use(
    postgres({
      database: 'postgres',
      credentials: ({ secrets }) => secrets.database,
      // Behind an RDS Proxy; else the secret says where the database is.
      ...(DB_PROXY && { host: DB_PROXY }),
      ...(DB_CA && { tls: { ca: DB_CA } }),
    }),
  )
  .use(({ db }, next) => next({ orders: ordersIn(db) }))
  .routes((r) => {
    r.post(
      '/orders',
      { body: NewOrder, response: { 201: Order } },
      async ({ body, orders, logger, metrics, tracer }) => {
        const order = { id: randomUUID(), ...body }
        await orders.add(order)
        tracer.annotate('order', order.id)
        metrics.add('ordersPlaced', 1)
        metrics.add('itemsOrdered', order.quantity)
        logger.info('order placed', { id: order.id })
        return reply(201, order, { location: `/orders/${order.id}` })
      },
    )

    r.get('/orders/{id}', { response: { 200: Order } }, async ({ params, orders }) => {
      const order = await orders.find(params.id)
      if (!order) throw new HttpError(404, `there is no order ${params.id}`)
      return order
    })
  })

await handler.ready()
