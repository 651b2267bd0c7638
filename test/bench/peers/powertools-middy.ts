import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { ApiGatewayV2Envelope } from '@aws-lambda-powertools/parser/envelopes/api-gatewayv2'
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers'
import { parser } from '@aws-lambda-powertools/parser/middleware'
import middy from '@middy/core'
import type { LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { poisonInText, readText } from '../stack/body.ts'
import { correlationId, orderLog } from '../stack/log.ts'
import { answeringProblems, logging, orderAnswer } from '../stack/middy-http.ts'
import { Order, place } from '../stack/order.ts'
import { type Problem, ProblemError, refused } from '../stack/problem.ts'

/** Powertools' middlewares under Middy, as its documentation shows them: the parser checks the whole event. */
export const peer: Peer = {
  title: 'Powertools + Middy',
  packages: ['@aws-lambda-powertools/logger', '@aws-lambda-powertools/parser', '@middy/core'],
  order: 7,
}

export const http: Make = () => {
  const log = orderLog()
  const middlewares = [
    injectLambdaContext(log, { resetKeys: true }),
    logging(log, (log, event) => log.appendKeys({ correlation_id: correlationId(event) })),
    answeringProblems(problemOf),
    { before: guard },
    parser({ schema: JSONStringified(Order), envelope: ApiGatewayV2Envelope } as never),
  ]
  return middy(async (order: Order) => orderAnswer(await place(order))).use(
    middlewares as never,
  ) as unknown as LambdaFunction
}

/** What the parser leaves to others: the limit, base64, poisoned JSON. */
const guard = ({ event }: { event: { body?: string | undefined; isBase64Encoded: boolean } }) => {
  const text = readText(event.body, event.isBase64Encoded)
  if (text.problem) throw new ProblemError(text.problem)
  event.body = text.value ?? ''
  event.isBase64Encoded = false
  const poisoned = poisonInText(event.body)
  if (poisoned) throw new ProblemError(refused([{ message: `the key ${poisoned} is refused` }]))
}

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
