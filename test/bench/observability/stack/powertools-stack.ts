import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware'
import { getSecret } from '@aws-lambda-powertools/parameters/secrets'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware'
import middy from '@middy/core'
import type { LambdaFunction } from '../../harness/peer.ts'
import { poisonInText, readText } from '../../stack/body.ts'
import { correlationId } from '../../stack/log.ts'
import { answeringProblems, logging, orderAnswer } from '../../stack/middy-http.ts'
import { type Order, place } from '../../stack/order.ts'
import { type Problem, ProblemError, refused } from '../../stack/problem.ts'
import { sealed, sealKey } from './placing.ts'
import { loggerOptions, metricsOptions, tracerOptions } from './powertools.ts'

/**
 * The whole stack of Powertools under Middy, as its documentation composes it. The secret is asked for where it is needed.
 * @param reading what makes an order of the event, and the problem that an error of it is
 */
export const powertoolsStack = (
  reading: readonly unknown[],
  problemOf: (error: Error) => Problem | undefined,
): LambdaFunction => {
  const logger = new Logger(loggerOptions)
  const tracer = new Tracer(tracerOptions)
  const metrics = new Metrics(metricsOptions)
  const middlewares = [
    injectLambdaContext(logger, { resetKeys: true }),
    logging(logger, (log, event) => log.appendKeys({ correlation_id: correlationId(event) })),
    captureLambdaHandler(tracer, { captureResponse: false }),
    logMetrics(metrics, { captureColdStartMetric: true }),
    answeringProblems(problemOf),
    { before: guard },
    ...reading,
  ]
  return middy(async (order: Order) => {
    const placed = await place(order)
    tracer.putAnnotation('orderId', placed.id)
    metrics.addMetric('ordersPlaced', MetricUnit.Count, 1)
    return orderAnswer(await sealed(order, placed, async () => (await getSecret(sealKey)) ?? ''))
  }).use(middlewares as never) as unknown as LambdaFunction
}

/** The limit, base64, poisoned JSON. */
const guard = ({ event }: { event: { body?: string | undefined; isBase64Encoded: boolean } }) => {
  const text = readText(event.body, event.isBase64Encoded)
  if (text.problem) throw new ProblemError(text.problem)
  event.body = text.value ?? ''
  event.isBase64Encoded = false
  const poisoned = poisonInText(event.body)
  if (poisoned) throw new ProblemError(refused([{ message: `the key ${poisoned} is refused` }]))
}
