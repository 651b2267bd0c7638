import type { Middleware } from '../middleware.ts'
import { checkOptions } from '../options.ts'
import { type Carrier, carrierOf } from './carrier.ts'
import { type CorrelationOptions, correlationOf } from './correlation.ts'

/**
 * `ctx.correlation`: the id that came with the event, and what hands it on to what this invocation calls, sends and
 * publishes. The logger writes the same on every line; before it in the chain, since options count for who asks first.
 *
 * @example
 * lambda(http())
 *   .use(correlation())
 *   .use(logger())
 *   .handle(({ correlation }) => sqs.send(new SendMessageCommand(correlation.sqs({ QueueUrl, MessageBody }))))
 * @throws TypeError on an unknown option
 */
export const correlation = (options: CorrelationOptions = {}): Middleware<{}, { readonly correlation: Carrier }> => {
  checkOptions('correlation()', options, { id: 'function', trustDebug: 'boolean' })
  return (ctx, next) => next({ correlation: carrierOf(correlationOf(ctx, options), options) })
}
