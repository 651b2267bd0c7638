import type { Make, Peer } from '../../harness/peer.ts'
import { parseOrder } from '../../stack/order.ts'
import { ProblemError, refused } from '../../stack/problem.ts'
import { powertoolsStack } from '../stack/powertools-stack.ts'

/** The same stack without Powertools' parser, whose way of importing zod keeps all of it. */
export const peer: Peer = {
  title: 'Powertools + Middy, zod by hand',
  packages: [
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/tracer',
    '@aws-lambda-powertools/metrics',
    '@aws-lambda-powertools/parameters',
    '@middy/core',
  ],
  order: 7,
}

export const stack: Make = () => powertoolsStack([{ before: read }], () => undefined)

const read = (request: { event: unknown }) => {
  const { body } = request.event as { body: string }
  const { issues, value } = parseOrder(parsed(body)) as { issues?: Parameters<typeof refused>[0]; value?: unknown }
  if (issues) throw new ProblemError(refused(issues))
  request.event = value
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw new ProblemError(refused([{ message: 'the body is no JSON' }]))
  }
}
