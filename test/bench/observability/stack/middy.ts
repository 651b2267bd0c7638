import type { Logger } from '@aws-lambda-powertools/logger'
import type { MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import { correlationId, type HttpApiEvent } from '../../stack/log.ts'
import { completion, completionMessage } from './completion.ts'

interface Request {
  readonly event: HttpApiEvent
  readonly context: Context
  readonly error: Error
  readonly internal: { started: number }
}

/** What Powertools' middleware leaves to others: a correlation id without JMESPath, and the line that ends an invocation. */
export const completing = (logger: Logger): MiddlewareObj =>
  ({
    before: ({ event, internal }: Request) => {
      internal.started = performance.now()
      logger.setCorrelationId(correlationId(event))
    },
    after: ({ context, internal }: Request) =>
      logger.info(completionMessage(context), completion(context, internal.started)),
    onError: ({ context, internal, error }: Request) => {
      logger.error('the invocation failed', error)
      logger.info(completionMessage(context, error), completion(context, internal.started, error))
    },
  }) as never
