import type { Postgres } from '@fnware/rds/postgres'
import { Order } from './order.ts'

export interface Orders {
  add(order: Order): Promise<void>
  find(id: string): Promise<Order | undefined>
}

/** The orders in a database, over the connections of one invocation. */
export const ordersIn = (db: Postgres): Orders => ({
  add: async ({ id, sku, quantity }) => {
    await db.query('insert into orders (id, sku, quantity) values ($1, $2, $3)', [id, sku, quantity])
  },
  find: async (id) => {
    if (!Order.shape.id.safeParse(id).success) return undefined
    const { rows } = await db.query<Order>('select id, sku, quantity from orders where id = $1', [id])
    return rows[0]
  },
})
