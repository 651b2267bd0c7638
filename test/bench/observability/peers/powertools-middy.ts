import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware'
import { ApiGatewayV2Envelope } from '@aws-lambda-powertools/parser/envelopes/api-gatewayv2'
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers'
import { parser } from '@aws-lambda-powertools/parser/middleware'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware'
import middy from '@middy/core'
import type { Counted, LambdaFunction, Make, Peer } from '../../harness/peer.ts'
import { Order } from '../../stack/order.ts'
import { type Problem, refused } from '../../stack/problem.ts'
import { completing } from '../stack/middy.ts'
import { addMetrics, loggerOptions, metricsOptions, tracedSteps, tracerOptions } from '../stack/powertools.ts'
import { powertoolsStack } from '../stack/powertools-stack.ts'
import { ok, step, steps } from '../stack/work.ts'

/** Powertools' own middlewares, which do not capture the answer, since fnware does not unless it is asked to. */
export const peer: Peer = {
  title: 'Powertools + Middy',
  packages: [
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/tracer',
    '@aws-lambda-powertools/metrics',
    '@aws-lambda-powertools/parameters',
    '@aws-lambda-powertools/parser',
    '@middy/core',
  ],
  order: 6,
}

const finished = (middlewares: readonly unknown[], work: () => Promise<void>) =>
  middy(async () => {
    await work()
    return ok
  }).use(middlewares as never) as unknown as LambdaFunction

const twoSteps = async () => {
  await step()
  await step()
}

export const plain: Make = () => finished([], twoSteps)

export const logger: Make = () => {
  const logger = new Logger(loggerOptions)
  return finished([injectLambdaContext(logger, { resetKeys: true }), completing(logger)], twoSteps)
}

const traced = (work: (tracer: Tracer) => Promise<void>) => {
  const tracer = new Tracer(tracerOptions)
  return finished([captureLambdaHandler(tracer, { captureResponse: false })], () => work(tracer))
}

export const idle: Make = () => traced(twoSteps)
export const tracer: Make = () => traced(tracedSteps)
export const tracedAwaits: Counted = (count) => traced(() => steps(count))

export const metrics: Make = () => {
  const metrics = new Metrics(metricsOptions)
  return finished([logMetrics(metrics)], async () => {
    await twoSteps()
    addMetrics(metrics)
  })
}

export const all: Make = () => {
  const logger = new Logger(loggerOptions)
  const tracer = new Tracer(tracerOptions)
  const metrics = new Metrics(metricsOptions)
  return finished(
    [
      injectLambdaContext(logger, { resetKeys: true }),
      completing(logger),
      captureLambdaHandler(tracer, { captureResponse: false }),
      logMetrics(metrics),
    ],
    async () => {
      await tracedSteps(tracer)
      addMetrics(metrics)
    },
  )
}

export const stack: Make = () =>
  powertoolsStack([parser({ schema: JSONStringified(Order), envelope: ApiGatewayV2Envelope } as never)], problemOf)

interface Issue {
  readonly message: string
  readonly path: readonly PropertyKey[]
}
/** A ParseError's cause is zod's error, with paths from the event's root. */
const problemOf = (error: Error): Problem | undefined => {
  if (error.name !== 'ParseError') return undefined
  const { issues } = error.cause as { issues: readonly Issue[] }
  return refused(issues.map(({ message, path }) => ({ message, path: path.slice(1) })))
}
