import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Resource, resource } from '@fnware/core'
import * as z from 'zod'

export const NewOrder = z.object({ sku: z.string().min(1).max(64), quantity: z.int().positive().max(1000) })
export const Order = z.object({ id: z.uuid(), ...NewOrder.shape })
export type Order = z.infer<typeof Order>

export interface Orders {
  add(order: Order): Promise<void>
  find(id: string): Promise<Order | undefined>
}

/**
 * Orders as files of one folder that every environment sees. On Lambda that is an EFS file system, mounted where
 * `ORDERS_DIR` says; a table or a database would be a resource of the same shape.
 */
export const orders: Resource<{}, 'orders', Orders> = resource('orders', {
  init: async (): Promise<Orders> => {
    const folder = process.env.ORDERS_DIR
    if (!folder) throw new Error('ORDERS_DIR is not set: it names the folder where the orders are kept')
    await mkdir(folder, { recursive: true })
    const file = (id: string) => join(folder, `${id}.json`)
    return {
      add: async (order) => {
        // Written beside and moved: nobody reads half an order.
        await writeFile(`${file(order.id)}.new`, JSON.stringify(order))
        await rename(`${file(order.id)}.new`, file(order.id))
      },
      find: async (id) => {
        if (!z.uuid().safeParse(id).success) return undefined
        try {
          return Order.parse(JSON.parse(await readFile(file(id), 'utf8')))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
          throw error
        }
      },
    }
  },
})
