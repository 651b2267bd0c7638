import { workerData } from 'node:worker_threads'
import { lambda } from '@fnware/core'
import { logger } from '@fnware/logger'

const { id } = workerData as { readonly id: string }
const work = lambda()
  .use(logger({ service: 'thread', completion: false }))
  .handle(({ logger }) => logger.info('filled', { order: id, filled: id.repeat(1_000_000 / id.length) }))
await work({}, { awsRequestId: 'of a thread' } as never)
