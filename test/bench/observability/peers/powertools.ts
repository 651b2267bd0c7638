import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { Tracer } from '@aws-lambda-powertools/tracer'
import type { Context } from 'aws-lambda'
import type { Counted, Make, Peer } from '../../harness/peer.ts'
import { correlationId, type HttpApiEvent } from '../../stack/log.ts'
import { completion, completionMessage } from '../stack/completion.ts'
import { addMetrics, loggerOptions, metricsOptions, tracedSteps, tracerOptions } from '../stack/powertools.ts'
import { ok, step, steps } from '../stack/work.ts'

/** Powertools without decorators, as its documentation writes a handler by hand. */
export const peer: Peer = {
  title: 'Powertools by hand',
  packages: ['@aws-lambda-powertools/logger', '@aws-lambda-powertools/tracer', '@aws-lambda-powertools/metrics'],
  order: 5,
}

export const logger: Make = () => {
  const logger = new Logger(loggerOptions)
  return async (event: HttpApiEvent, context: Context) => {
    const started = performance.now()
    logger.addContext(context)
    logger.setCorrelationId(correlationId(event))
    let failed: unknown
    try {
      await step()
      await step()
      return ok
    } catch (error) {
      failed = error
      logger.error('the invocation failed', error as Error)
      throw error
    } finally {
      logger.info(completionMessage(context, failed), completion(context, started, failed))
      logger.resetKeys()
    }
  }
}

/** @see https://docs.aws.amazon.com/powertools/typescript/latest/features/tracer/ "Manual" */
const traced = (work: (tracer: Tracer) => Promise<void>) => {
  const tracer = new Tracer(tracerOptions)
  return async () => {
    const segment = tracer.getSegment()
    const subsegment = segment?.addNewSubsegment(`## ${process.env._HANDLER}`)
    if (subsegment) tracer.setSegment(subsegment)
    tracer.annotateColdStart()
    tracer.addServiceNameAnnotation()
    try {
      await work(tracer)
      return ok
    } catch (error) {
      tracer.addErrorAsMetadata(error as Error)
      throw error
    } finally {
      subsegment?.close()
      if (segment) tracer.setSegment(segment)
    }
  }
}

export const idle: Make = () =>
  traced(async () => {
    await step()
    await step()
  })

export const tracer: Make = () => traced(tracedSteps)

export const tracedAwaits: Counted = (count) => traced(() => steps(count))

export const metrics: Make = () => {
  const metrics = new Metrics(metricsOptions)
  return async () => {
    try {
      await step()
      await step()
      addMetrics(metrics)
      return ok
    } finally {
      metrics.publishStoredMetrics()
    }
  }
}

export const all: Make = () => {
  const logger = new Logger(loggerOptions)
  const tracer = new Tracer(tracerOptions)
  const metrics = new Metrics(metricsOptions)
  return async (event: HttpApiEvent, context: Context) => {
    const started = performance.now()
    logger.addContext(context)
    logger.setCorrelationId(correlationId(event))
    const segment = tracer.getSegment()
    const subsegment = segment?.addNewSubsegment(`## ${process.env._HANDLER}`)
    if (subsegment) tracer.setSegment(subsegment)
    tracer.annotateColdStart()
    tracer.addServiceNameAnnotation()
    let failed: unknown
    try {
      await tracedSteps(tracer)
      addMetrics(metrics)
      return ok
    } catch (error) {
      failed = error
      tracer.addErrorAsMetadata(error as Error)
      logger.error('the invocation failed', error as Error)
      throw error
    } finally {
      metrics.publishStoredMetrics()
      subsegment?.close()
      if (segment) tracer.setSegment(segment)
      logger.info(completionMessage(context, failed), completion(context, started, failed))
      logger.resetKeys()
    }
  }
}
