import { request } from 'node:http'
import { setTimeout as later } from 'node:timers/promises'
import { correlation, lambda } from '@fnware/core'
import { logger } from '@fnware/logger'
import { metrics } from '@fnware/metrics'
import { type Engine, tracer } from '@fnware/tracer'

export interface Order {
  readonly id: string
  readonly fails?: boolean
}

/** Work that gives others their turn, several times. */
const pause = () => later(Math.random() * 30)

/** Asks the shop, and takes all of its answer. */
const ask = (headers: Readonly<Record<string, string>>) =>
  new Promise((done, failed) => {
    const sent = request(process.env.SHOP as string, { headers }, (answer) => answer.resume().on('end', done))
    sent.on('error', failed).end()
  })

/** A function that says whose it is wherever it says anything. */
export const observed = (engine: Engine) =>
  lambda<Order>()
    .use(correlation({ id: (event) => (event as Order).id }))
    .use(logger({ service: 'orders', level: 'INFO', buffer: true }))
    .use(tracer<{ order: string }>({ service: 'orders', engine }))
    .use(
      metrics({
        namespace: 'shop',
        service: 'orders',
        metrics: { placed: 'Count', weight: 'Kilobytes' },
        dimensions: ['order'],
        outcome: true,
        coldStart: true,
      }),
    )
    .handle(async ({ event: { id, fails }, correlation, logger, metrics, tracer }) => {
      tracer.annotate('order', id)
      metrics.dimensions({ order: id })
      const branch = (name: string) =>
        tracer.span(`${name} of ${id}`, async (span) => {
          span.annotate('order', id)
          logger.debug('kept', { order: id })
          await pause()
          logger.info(name, { order: id })
          await tracer.span(`within ${name} of ${id}`, async () => {
            await pause()
            await ask(correlation.headers())
          })
          metrics.add('weight', 1)
        })
      await Promise.all([branch('left'), branch('right')])
      metrics.add('placed', 1)
      if (fails) throw new Error(`no order ${id}`)
      return { id }
    })
