import { createSocket } from 'node:dgram'
import type { Context } from 'aws-lambda'
import type { Make, Peer } from '../../harness/peer.ts'
import { correlationId, type HttpApiEvent } from '../../stack/log.ts'
import { completion, completionMessage } from '../stack/completion.ts'
import { channel, namespace, ok, orderId, service, spans, step, tenant, units, values } from '../stack/work.ts'

/** As little code as writes the same: one JSON line, one line of metrics, one document. It handles nothing that goes wrong. */
export const peer: Peer = { title: 'as little as there can be', packages: [], order: 1 }

interface TracedContext extends Context {
  readonly xRayTraceId?: string
}

let coldStart = true
/** Whether this is the first that asks. */
const isCold = () => {
  const cold = coldStart
  coldStart = false
  return cold
}

const line = (event: HttpApiEvent, context: TracedContext, cold: boolean, extra: object) =>
  process.stdout.write(
    `${JSON.stringify({
      level: 'INFO',
      message: completionMessage(context),
      timestamp: new Date().toISOString(),
      service,
      cold_start: cold,
      function_arn: context.invokedFunctionArn,
      function_memory_size: context.memoryLimitInMB,
      function_name: context.functionName,
      function_request_id: context.awsRequestId,
      sampling_rate: 0,
      xray_trace_id: context.xRayTraceId?.slice('Root='.length, 'Root='.length + 35),
      correlation_id: correlationId(event),
      ...extra,
    })}\n`,
  )

export const logger: Make = () => async (event: HttpApiEvent, context: TracedContext) => {
  const cold = isCold()
  const started = performance.now()
  await step()
  await step()
  line(event, context, cold, completion(context, started))
  return ok
}

const embedded = () =>
  process.stdout.write(
    `${JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: [['service', 'tenant', 'channel']],
            Metrics: Object.entries(units).map(([Name, Unit]) => ({ Name, Unit })),
          },
        ],
      },
      service,
      tenant,
      channel,
      ...values,
    })}\n`,
  )

export const metrics: Make = () => async () => {
  await step()
  await step()
  embedded()
  return ok
}

const id = () =>
  Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(16, '0')

const traced = () => {
  const socket = createSocket('udp4').unref()
  const [host, port] = (process.env.AWS_XRAY_DAEMON_ADDRESS ?? '').split(':')
  return async (context: TracedContext, cold: boolean) => {
    const [root, parent, sampled] = (context.xRayTraceId ?? '').split(';')
    if (sampled !== 'Sampled=1') {
      await step()
      await step()
      return
    }
    const start_time = Date.now() / 1000
    const subsegments = []
    for (const name of spans) {
      const start_time = Date.now() / 1000
      await step()
      subsegments.push({ id: id(), name, start_time, end_time: Date.now() / 1000 })
    }
    const document = {
      id: id(),
      name: `## ${process.env._HANDLER}`,
      type: 'subsegment',
      trace_id: root?.slice('Root='.length),
      parent_id: parent?.slice('Parent='.length),
      start_time,
      end_time: Date.now() / 1000,
      annotations: { ColdStart: cold, Service: service, orderId },
      subsegments,
    }
    socket.send(`{"format":"json","version":1}\n${JSON.stringify(document)}`, Number(port), host)
  }
}

export const tracer: Make = () => {
  const trace = traced()
  return async (_event: unknown, context: TracedContext) => {
    await trace(context, isCold())
    return ok
  }
}

export const all: Make = () => {
  const trace = traced()
  return async (event: HttpApiEvent, context: TracedContext) => {
    const cold = isCold()
    const started = performance.now()
    await trace(context, cold)
    embedded()
    line(event, context, cold, completion(context, started))
    return ok
  }
}
