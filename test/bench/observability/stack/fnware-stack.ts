import { lambda } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import { metrics } from '@fnware/metrics'
import { secret, secrets } from '@fnware/secrets'
import { tracer } from '@fnware/tracer'
import type { LambdaFunction } from '../../harness/peer.ts'
import { Order, place } from '../../stack/order.ts'
import { sealed, sealKey } from './placing.ts'
import { namespace, service } from './work.ts'

/** The whole stack: the secret is lazy, and nothing of it is loaded until an order has a note. */
export const fnwareStack = (): LambdaFunction =>
  lambda(http())
    .use(logger({ service }))
    .use(tracer({ service }))
    .use(metrics({ namespace, service, metrics: { ordersPlaced: 'Count' }, coldStart: true }))
    .use(secrets({ key: secret(sealKey, { lazy: true }) }))
    .input(Order)
    .handle(async ({ input, tracer, metrics, secrets }) => {
      const placed = await place(input)
      tracer.annotate('orderId', placed.id)
      metrics.add('ordersPlaced', 1)
      return reply(201, await sealed(input, placed, secrets.key))
    }) as LambdaFunction
