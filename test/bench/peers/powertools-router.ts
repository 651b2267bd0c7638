import { RequestValidationError, Router } from '@aws-lambda-powertools/event-handler/http'
import type { Counted, LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { poisonInText, readText } from '../stack/body.ts'
import { beginLog, endLog, type HttpApiEvent, type LambdaContext, orderLog } from '../stack/log.ts'
import { Order, place } from '../stack/order.ts'
import { type Problem, ProblemError, problemJson, problemType, refused } from '../stack/problem.ts'
import { found, routesOf } from '../stack/routes.ts'

export const peer: Peer = {
  title: "Powertools' router",
  packages: ['@aws-lambda-powertools/event-handler', '@aws-lambda-powertools/logger'],
  order: 8,
  cannot: {
    'wrong method': 'it answers 404, without `allow`',
    deadline: 'it has none: Lambda ends the invocation',
  },
}

interface Told {
  problem: Problem
  error: Error
}

export const http: Make = () => {
  const log = orderLog()
  const app = new Router({ logger: log as never })
  // What the error handlers told, for the line in the end, which they run before.
  const told = new WeakMap<object, Told>()

  const answering =
    (problemOf: (error: Error) => Problem) =>
    async (error: Error, { event, context }: { event: object; context: LambdaContext }): Promise<Response> => {
      const problem = problemOf(error)
      told.set(event, { problem, error })
      return new Response(problemJson(problem, context.awsRequestId), {
        status: problem.status,
        headers: { 'content-type': problemType },
      })
    }
  app.errorHandler(ProblemError, answering((error) => (error as ProblemError).problem) as never)
  app.errorHandler(
    RequestValidationError,
    answering((error) => refused(issuesOf(error as RequestValidationError))) as never,
  )
  app.errorHandler(Error, answering(() => ({ status: 500 })) as never)

  app.use(async ({ reqCtx, next }) => {
    const { body, isBase64Encoded } = reqCtx.event as HttpApiEvent
    const text = readText(body, isBase64Encoded)
    if (text.problem) throw new ProblemError(text.problem)
    const poisoned = text.value && poisonInText(text.value)
    if (poisoned) throw new ProblemError(refused([{ message: `the key ${poisoned} is refused` }]))
    await next()
  })
  app.post(
    '/orders',
    async ({ valid }) => ({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(await place(valid.req.body)),
    }),
    { validation: { req: { body: Order } } },
  )

  return (async (event: HttpApiEvent, context: LambdaContext) => {
    const started = performance.now()
    beginLog(log, event, context)
    const answer = await app.resolve(event, context)
    const { problem, error } = told.get(event) ?? {}
    endLog(log, {
      method: event.requestContext.http.method,
      path: event.rawPath,
      status: answer.statusCode as number,
      started,
      context,
      problem,
      error: problem?.status === 500 ? error : undefined,
    })
    return answer
  }) as LambdaFunction
}

/** Its issues have paths from the request's root. */
const issuesOf = ({ details }: RequestValidationError) => {
  const issues = (details?.issues ?? []) as { message: string; path: readonly PropertyKey[] }[]
  if (issues.length === 0) return [{ message: 'not valid JSON' }]
  return issues.map(({ message, path }) => ({ message, path: path.slice(1) }))
}

export const routes: Counted = (count) => {
  const app = new Router()
  for (const route of routesOf(count))
    app.route((async ({ params }: { params: Record<string, string> }) => found(route, params)) as never, {
      method: route.method,
      path: route.path.replaceAll(/\{(\w+)\}/g, ':$1') as `/${string}`,
    })
  return (async (event: unknown, context: LambdaContext) => app.resolve(event, context)) as LambdaFunction
}
