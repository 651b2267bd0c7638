import { setTimeout as later } from 'node:timers/promises'
import { correlation, lambda } from '@fnware/core'
import { logger } from '@fnware/logger'
import { type Engine, tracer } from '@fnware/tracer'

export interface Order {
  readonly id: string
  readonly fails?: boolean
}

/** Work that gives others their turn, several times. */
const pause = () => later(Math.random() * 30)

/** A function that says whose it is wherever it says anything. */
export const observed = (engine?: Engine) =>
  lambda<Order>()
    .use(correlation({ id: (event) => (event as Order).id }))
    .use(logger({ service: 'orders', level: 'INFO' }))
    .use(tracer<{ order: string }>({ service: 'orders', ...(engine && { engine }) }))
    .handle(async ({ event: { id, fails }, logger, tracer }) => {
      tracer.annotate('order', id)
      const branch = (name: string) =>
        tracer.span(`${name} of ${id}`, async (span) => {
          span.annotate('order', id)
          await pause()
          logger.info(name, { order: id })
          await tracer.span(`within ${name} of ${id}`, pause)
        })
      await Promise.all([branch('left'), branch('right')])
      if (fails) throw new Error(`no order ${id}`)
      return { id }
    })
