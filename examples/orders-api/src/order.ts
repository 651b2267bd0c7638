import * as z from 'zod'

export const NewOrder = z.object({ sku: z.string().min(1).max(64), quantity: z.int().positive().max(1000) })
export const Order = z.object({ id: z.uuid(), ...NewOrder.shape })
export type Order = z.infer<typeof Order>
