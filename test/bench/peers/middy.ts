import middy from '@middy/core'
import jsonBodyParser from '@middy/http-json-body-parser'
import router from '@middy/http-router'
import type { Counted, LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { isTooLarge, tooLarge } from '../stack/body.ts'
import { type HttpApiEvent, orderLog } from '../stack/log.ts'
import { addingWith, aroundWith, emptyWith, overWith, resourcesWith } from '../stack/middy.ts'
import { answeringProblems, logging, orderAnswer } from '../stack/middy-http.ts'
import { type Order, parseOrder, place } from '../stack/order.ts'
import { type Problem, ProblemError, refused } from '../stack/problem.ts'
import { found, routesOf } from '../stack/routes.ts'

/** As it comes, with its early timeout. */
export const peer: Peer = {
  title: 'Middy',
  packages: ['@middy/core', '@middy/http-json-body-parser', '@middy/http-router'],
  order: 5,
  cannot: { 'wrong method': 'its router answers 404, without `allow`' },
}

export const empty: Make = /* @__PURE__ */ emptyWith()
export const adding: Counted = /* @__PURE__ */ addingWith()
export const around: Counted = /* @__PURE__ */ aroundWith()
export const over: Counted = /* @__PURE__ */ overWith()
export const resources: Counted = /* @__PURE__ */ resourcesWith()

/** Middy's JSON parser, and a middleware for each of the rest as one writes them for Middy. */
export const http: Make = () => {
  const log = orderLog()
  const middlewares = [
    logging(log),
    answeringProblems(problemOf),
    { before: limited },
    jsonBodyParser(),
    { before: validated },
  ]
  return middy(async ({ body }: { body: Order }) => orderAnswer(await place(body))).use(
    middlewares as never,
  ) as unknown as LambdaFunction
}

const limited = ({ event }: { event: HttpApiEvent }) => {
  if (event.body && isTooLarge(event.body, event.isBase64Encoded)) throw new ProblemError(tooLarge)
}

const validated = ({ event }: { event: { body: unknown } }) => {
  const parsed = parseOrder(event.body)
  if (parsed.issues) throw new ProblemError(refused(parsed.issues))
  event.body = parsed.value
}

const problemOf = (error: Error): Problem | undefined =>
  (error.cause as { package?: string } | undefined)?.package === '@middy/http-json-body-parser'
    ? refused([{ message: 'not valid JSON' }])
    : undefined

export const routes: Counted = (count) =>
  middy(
    router(
      routesOf(count).map((route) => ({
        ...route,
        handler: async (event: { pathParameters?: Record<string, string> }) => ({
          statusCode: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(found(route, event.pathParameters ?? {})),
        }),
      })) as never,
    ) as never,
  ).onError(((request: { error: { statusCode?: number; message: string }; response: unknown }) => {
    const { statusCode = 500, message } = request.error
    request.response = { statusCode, headers: { 'content-type': 'text/plain' }, body: message }
  }) as never) as unknown as LambdaFunction
