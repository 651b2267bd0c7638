import * as z from 'zod'

/**
 * What the realistic HTTP stack is about: POST /orders, and everything round it that a peer must do.
 *
 * - the body: JSON, also in base64, of at most `bodyLimit` bytes (413); text that is no JSON, or has `__proto__` or
 *   `constructor.prototype` in it, is a 400
 * - the schema below; what does not fit is a 400 with a JSON pointer for each fault
 * - errors as RFC 9457 problems with the request id; what nobody expected is a 500 that tells no more, and an ERROR line
 * - 201 with the placed order as JSON
 * - one line in the end, by Powertools' logger: `POST /orders 201`, with the keys that `stack/log.ts` lists
 * - a 504 when the function's time is nearly up, where the peer can
 */
export const Order = z.object({
  customer: z.object({ name: z.string().min(1), email: z.email() }),
  lines: z
    .array(z.object({ sku: z.string().min(1), quantity: z.int().positive(), price: z.number().nonnegative() }))
    .min(1),
  note: z.string().max(500).optional(),
})
export type Order = z.infer<typeof Order>

type Parsed = Exclude<ReturnType<(typeof Order)['~standard']['validate']>, Promise<unknown>>

/** By the Standard Schema: `safeParse` makes an error of what does not fit, with a stack, which nobody looks at here. */
export const parseOrder = (value: unknown): Parsed => Order['~standard'].validate(value) as Parsed

export interface Placed {
  readonly id: string
  readonly total: number
}

export const bodyLimit = 1_048_576

/** The business logic. Two SKUs go wrong, for the sake of what a stack does then. */
export const place = async (order: Order): Promise<Placed> => {
  let total = 0
  for (const { sku, quantity, price } of order.lines) {
    if (sku === 'gone') throw new Error('out of stock')
    if (sku === 'hang') await new Promise(() => {})
    total += quantity * price
  }
  return { id: `${order.customer.name.length}-${order.lines.length}`, total }
}
