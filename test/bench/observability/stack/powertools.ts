import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Tracer } from '@aws-lambda-powertools/tracer'
import { channel, namespace, orderId, service, spans, step, tenant, values } from './work.ts'

export const loggerOptions = { serviceName: service, sampleRateValue: 0 } as const
export const tracerOptions = { serviceName: service } as const
export const metricsOptions = { namespace, serviceName: service } as const

/** The two spans and the annotation, as Powertools' documentation writes "multiple subsegments". */
export const tracedSteps = async (tracer: Tracer): Promise<void> => {
  tracer.putAnnotation('orderId', orderId)
  await within(tracer, spans[0])
  await within(tracer, spans[1])
}

const within = async (tracer: Tracer, name: string) => {
  const parent = tracer.getSegment()
  const subsegment = parent?.addNewSubsegment(name)
  if (subsegment) tracer.setSegment(subsegment)
  try {
    await step()
  } catch (error) {
    tracer.addErrorAsMetadata(error as Error)
    throw error
  } finally {
    subsegment?.close()
    if (parent) tracer.setSegment(parent)
  }
}

export const addMetrics = (metrics: Metrics): void => {
  metrics.addDimension('tenant', tenant)
  metrics.addDimension('channel', channel)
  metrics.addMetric('ordersPlaced', MetricUnit.Count, values.ordersPlaced)
  metrics.addMetric('revenue', MetricUnit.Count, values.revenue)
  metrics.addMetric('latency', MetricUnit.Milliseconds, values.latency)
}
