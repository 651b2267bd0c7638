import { lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { tracer as ownTracer } from '@fnware/tracer'
import type { LambdaFunction, Make, Peer } from '../../harness/peer.ts'
import { ok, orderId, service, spans, step } from '../stack/work.ts'

/** The same under `http()`, whose requests may bring a trace too. */
export const peer: Peer = {
  title: 'fnware, with http()',
  packages: ['@fnware/core', '@fnware/http', '@fnware/tracer'],
  order: 3,
}

const twoSteps = async () => {
  await step()
  await step()
  return ok
}

export const plain: Make = () => lambda(http()).handle(twoSteps) as LambdaFunction

export const idle: Make = () => lambda(http()).use(ownTracer({ service })).handle(twoSteps) as LambdaFunction

export const tracer: Make = () =>
  lambda(http())
    .use(ownTracer({ service }))
    .handle(async ({ tracer }) => {
      tracer.annotate('orderId', orderId)
      await tracer.span(spans[0], step)
      await tracer.span(spans[1], step)
      return ok
    }) as LambdaFunction
