// Reads the declarations alone, and finds every type in them again.
import type { Handler } from '@fnware/core'
import type { HttpEvent, HttpResult } from '@fnware/http'
import { handler } from '../out/annotated.js'
import { type api, base, chain, one, type plain, type typed } from '../out/inferred.js'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(): T | undefined => undefined

is<Same<Parameters<typeof one>[0], HttpEvent>>()
is<Same<Awaited<ReturnType<typeof api>>, HttpResult>>()
is<Same<Awaited<ReturnType<typeof plain>>, { twice: number }>>()
is<Same<Parameters<typeof typed>[0], { sku: string; quantity: number }>>()
export const again: Handler<HttpEvent, HttpResult> = handler
chain.use(async ({ secrets, vault, db, logger, request }, next) => {
  logger.info('hello', { stripe: secrets.stripe.length, path: request.path })
  const { sku }: { sku: string } = vault.order
  const bytes: Uint8Array = await vault.rare()
  logger.info(sku, { bytes: bytes.length })
  return next({ rows: await db.query('x') })
})
base.use(({ logger, metrics }, next) => {
  metrics.with({ tenant: 'a' }).add('placed', 1)
  is<Same<Parameters<typeof metrics.add>[0], 'placed' | 'latency'>>()
  return next({ mine: logger })
})
one.with({ db: { query: async () => [] } })
