import { setTimeout as later } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { logger } from '@fnware/logger'

export interface Order {
  readonly id: string
  readonly way: 'fine' | 'fails' | 'hangs'
}

/** Says much that nobody wants to read, unless something is wrong. */
export const handler = lambda<Order>()
  .use(logger({ service: 'orders', buffer: true }))
  .handle(async ({ event: { id, way }, logger }) => {
    logger.appendKeys({ order: id })
    for (let step = 0; step < 4; step++) {
      logger.debug(`step ${step}`, { of: { id } })
      await later(Math.random() * 20)
    }
    logger.info('placed')
    if (way === 'hangs') await new Promise(() => {})
    if (way === 'fails') throw new TypeError(`no order ${id}`, { cause: new RangeError(id) })
    return { id }
  })
