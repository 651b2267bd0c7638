import { lambda, type Middleware } from '@fnware/core'
import type { Metrics } from '@fnware/metrics'
import type { Tracer } from '@fnware/tracer'
import type { Counted, LambdaFunction, Make } from '../../harness/peer.ts'
import { channel, ok, orderId, spans, step, steps, tenant, type units, values } from './work.ts'

// The same functions whatever is under the middlewares: fnware's own, or instances of Powertools.

type Traced = Middleware<{}, { readonly tracer: Tracer }>
type Metered = Middleware<{}, { readonly metrics: Metrics<keyof typeof units, 'tenant' | 'channel'> }>
type Logged = Middleware<{}, {}>

const finished = (handler: unknown) => handler as LambdaFunction

const twoSteps = async () => {
  await step()
  await step()
  return ok
}

const tracedSteps = async (tracer: Tracer) => {
  tracer.annotate('orderId', orderId)
  await tracer.span(spans[0], step)
  await tracer.span(spans[1], step)
  return ok
}

const addMetrics = (metrics: Metrics<keyof typeof units, 'tenant' | 'channel'>) => {
  metrics.dimensions({ tenant, channel })
  metrics.add('ordersPlaced', values.ordersPlaced)
  metrics.add('revenue', values.revenue)
  metrics.add('latency', values.latency)
}

export const plainOf: Make = () => finished(lambda().handle(twoSteps))

export const awaitsOf: Counted = (count) =>
  finished(
    lambda().handle(async () => {
      await steps(count)
      return ok
    }),
  )

export const loggerOn =
  (logger: () => Logged): Make =>
  () =>
    finished(lambda().use(logger()).handle(twoSteps))

export const idleOn =
  (tracer: () => Traced): Make =>
  () =>
    finished(lambda().use(tracer()).handle(twoSteps))

export const tracerOn =
  (tracer: () => Traced): Make =>
  () =>
    finished(
      lambda()
        .use(tracer())
        .handle(({ tracer }) => tracedSteps(tracer)),
    )

export const tracedAwaitsOn =
  (tracer: () => Traced): Counted =>
  (count) =>
    finished(
      lambda()
        .use(tracer())
        .handle(async () => {
          await steps(count)
          return ok
        }),
    )

export const metricsOn =
  (metrics: () => Metered): Make =>
  () =>
    finished(
      lambda()
        .use(metrics())
        .handle(async ({ metrics }) => {
          await twoSteps()
          addMetrics(metrics)
          return ok
        }),
    )

export const allOn =
  (logger: () => Logged, tracer: () => Traced, metrics: () => Metered): Make =>
  () =>
    finished(
      lambda()
        .use(logger())
        .use(tracer())
        .use(metrics())
        .handle(async ({ tracer, metrics }) => {
          await tracedSteps(tracer)
          addMetrics(metrics)
          return ok
        }),
    )
