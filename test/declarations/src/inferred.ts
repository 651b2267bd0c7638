// A package of a user's that exports what it infers. It has no @types/aws-lambda of its own.
import { fresh, lambda, live, type Middleware, resource, stack } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import { metrics } from '@fnware/metrics'
import { secret, secrets as vault } from '@fnware/secrets'
import * as z from 'zod'

const Order = z.object({ sku: z.string(), quantity: z.int() })

export const db = resource('db', { init: () => ({ query: async (sql: string) => [sql] }) })
export const secrets = resource('secrets', {
  init: async (_, { keep }) => live({ stripe: await keep(fresh(async () => 'sk')) }),
})
export const vaulted = vault(
  { order: secret('prod/order', Order), rare: secret('prod/rare', { format: 'binary', lazy: true }) },
  { key: 'vault' },
)
export const user: Middleware<{ readonly tenant: string }, { user: { id: string } }> = ({ tenant }, next) =>
  next({ user: { id: tenant } })
export const base = stack()
  .use(logger({ service: 'orders' }))
  .use(
    metrics({
      metrics: { placed: 'Count', latency: { unit: 'Milliseconds', resolution: 'high' } },
      dimensions: ['tenant'],
    }),
  )
  .use(db)
  .use(secrets)
  .use(vaulted)
export const chain = lambda(http()).use(base)
export const one = chain
  .use(async ({ request }, next) => (request.ip ? next({ tenant: request.ip }) : reply(403)))
  .use(user)
  .input(Order)
  .handle(({ input, user, db }) => db.query(input.sku + user.id))
export const api = chain.routes((r) => {
  r.get('/orders/{id}', { response: { 200: Order } }, ({ params }) => ({ sku: params.id, quantity: 1 }))
})
export const plain = lambda<{ n: number }>()
  .use(base)
  .handle(({ event }) => ({ twice: event.n * 2 }))
export const typed = lambda()
  .input(Order)
  .output(z.string())
  .handle(({ input }) => input.sku)
