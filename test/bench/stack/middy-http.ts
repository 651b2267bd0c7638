import type { MiddlewareObj } from '@middy/core'
import { beginLog, endLog, type HttpApiEvent, type LambdaContext, type orderLog } from './log.ts'
import type { Placed } from './order.ts'
import { type Problem, ProblemError, problemJson, problemType } from './problem.ts'

/** What Middy's middlewares are given, and keep for one another in `internal`. */
interface Request {
  readonly event: HttpApiEvent
  readonly context: LambdaContext
  readonly error: Error
  response: { readonly statusCode: number; readonly headers: object; readonly body: string }
  readonly internal: { started: number; event: HttpApiEvent; problem?: Problem }
}
type Log = ReturnType<typeof orderLog>

/** The line that ends every invocation. @param begin what the log is told when one begins */
export const logging = (log: Log, begin: typeof beginLog = beginLog): MiddlewareObj => {
  const end = ({ internal: { started, event, problem }, context, error, response }: Request) =>
    endLog(log, {
      method: event.requestContext.http.method,
      path: event.rawPath,
      status: response.statusCode,
      started,
      context,
      problem,
      error: error instanceof ProblemError ? undefined : error,
    })
  return {
    before: ({ event, context, internal }: Request) => {
      internal.started = performance.now()
      internal.event = event
      begin(log, event, context)
    },
    after: end,
    onError: end,
  } as never
}

/** Errors as problems: those thrown as such, those that a middleware of the peer's own threw, and all others as a 500. */
export const answeringProblems = (problemOf: (error: Error) => Problem | undefined): MiddlewareObj =>
  ({
    onError: (request: Request) => {
      const { error, context, internal } = request
      const problem: Problem =
        error instanceof ProblemError
          ? error.problem
          : (problemOf(error) ?? { status: error.name === 'TimeoutError' ? 504 : 500 })
      internal.problem = problem
      request.response = {
        statusCode: problem.status,
        headers: { 'content-type': problemType },
        body: problemJson(problem, context.awsRequestId),
      }
    },
  }) as never

export const orderAnswer = (placed: Placed): object => ({
  statusCode: 201,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(placed),
})
