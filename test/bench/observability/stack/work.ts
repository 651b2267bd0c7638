/** What every function of this group does, observed or not. */

/** Something that is waited for. */
export const step = async (): Promise<void> => {}

export const steps = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await step()
}

export const service = 'orders'
export const namespace = 'shop'

/** The spans within an invocation's, and its annotation. */
export const spans = ['load the order', 'store the order'] as const
export const orderId = 'A-17'

export const units = { ordersPlaced: 'Count', revenue: 'Count', latency: 'Milliseconds' } as const
export const values = { ordersPlaced: 1, revenue: 128.9, latency: 12.5 } as const
export const tenant = 'acme'
export const channel = 'web'

export const ok = { ok: true } as const
