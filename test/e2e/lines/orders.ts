import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { lambda } from '@fnware/core'
import { logger } from '@fnware/logger'
import { secret, secrets } from '@fnware/secrets'
import * as z from 'zod'

export interface Order {
  readonly id: string
}

const Database = z.object({ username: z.string(), password: z.string() })

/** Says as much as a line may hold, and more, and what nobody may read, also in a thread. */
export const handler = lambda<Order>()
  .use(logger({ service: 'orders' }))
  .use(secrets({ database: secret('prod/db', Database) }))
  .handle(async ({ event: { id }, logger, secrets }) => {
    const { password } = secrets.database
    logger.appendKeys({ order: id })
    logger.info('filled', { filled: id.repeat(1_000_000 / id.length) })
    logger.error(
      'refused',
      new Error(`no login with postgres://app:${encodeURIComponent(password)}@db`, { cause: password }),
    )
    logger.warn('too much', { filled: id.repeat(3_000_000 / id.length) })
    await once(new Worker(new URL('thread.ts', import.meta.url), { workerData: { id, password } }), 'exit')
    logger.info(`Basic ${Buffer.from(`app:${password}`).toString('base64')}`, { body: JSON.stringify({ password }) })
    return { id }
  })
