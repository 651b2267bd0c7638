import type { Invocation, One, Source, Wire } from '@fnware/core'
import { checkOptions, verbs } from '@fnware/core/extend'
import type { Answer } from './answer.ts'
import type { HttpEvent, HttpResult } from './event.ts'
import { payloadOf, recognise } from './payload/recognise.ts'
import { problem } from './problem.ts'
import type { Reply } from './reply.ts'
import { type HttpRequest, RequestOf } from './request.ts'
import { respond } from './respond.ts'
import { Head, type ResponseHead } from './response.ts'
import { routes } from './router/router.ts'
import type { RoutesVerb } from './router/routes.ts'

export interface HttpOptions {
  /** The most bytes of a request's body; 1 048 576 by default. More is a 413. */
  readonly bodyLimit?: number
  /** How many proxies before the service are trusted to write `x-forwarded-for`, such as 1 for CloudFront; 0 by default. */
  readonly trustedHops?: number
  /** What a custom domain maps to this API, such as `/v1`: left out of `request.path`. */
  readonly basePath?: string
  /** ms after which the service gives up on an answer; by default 29 000 for API Gateway, and none for the others. */
  readonly integrationTimeout?: number
}

export interface Http extends Wire {
  readonly event: HttpEvent
  readonly output: unknown
  readonly early: Reply | globalThis.Response
  readonly result: HttpResult
  readonly verbs: HttpVerbs
}
export interface HttpVerbs extends One, RoutesVerb {}

/** What `http()` adds to the context. */
export interface HttpContext {
  readonly request: HttpRequest
  readonly response: ResponseHead
}

/** What was opened, whatever JavaScript puts in its place. */
const opened = Symbol('opened')
type Ctx = Invocation<HttpEvent> & { [opened]: { readonly request: RequestOf; readonly response: Head } }

/**
 * HTTP, through API Gateway (REST and HTTP APIs), a function URL or an Application Load Balancer.
 *
 * A handler's plain result is sent as JSON; `reply()` gives it a status and headers; a Web `Response` is taken too.
 * Errors are answered as RFC 9457 problems: those of the client with their details, all others with the request id alone.
 *
 * @throws TypeError on an unknown option
 */
export const http = (options: HttpOptions = {}): Source<Http, HttpContext> => {
  checkOptions('http()', options, {
    bodyLimit: 'number',
    trustedHops: 'number',
    basePath: 'string',
    integrationTimeout: 'number',
  })
  const { bodyLimit = 1_048_576, trustedHops = 0, basePath = '', integrationTimeout } = options
  if (basePath && !/^\/.*[^/]$/.test(basePath))
    throw new TypeError('http(): `basePath` begins with a slash and ends with none, as `/v1`')
  const request = { bodyLimit, trustedHops, basePath }

  return {
    name: 'http',
    is: (event) => recognise(event) !== undefined,
    limit: ({ [opened]: { request } }: Ctx) => integrationTimeout ?? request.limit,
    open: (event, ctx) => {
      const payload = payloadOf(event)
      return ((ctx as Ctx)[opened] = { request: new RequestOf(event, payload, request), response: new Head() })
    },
    payload: ({ [opened]: { request } }: Ctx) => [request.body, 'body'],
    answer: (output, ctx: Ctx) => {
      const answer = respond(output, ctx[opened].response, ctx)
      return answer instanceof Promise ? answer.then((answer) => result(answer, ctx)) : result(answer, ctx)
    },
    fail: (error, ctx: Ctx) => {
      // Without a request nobody is there to be answered.
      if (!ctx[opened]) throw error
      const { request, response } = ctx[opened]
      return result(problem(error, response, request, ctx.context?.awsRequestId), ctx)
    },
    describe: ({ [opened]: { request } }: Ctx, { statusCode }) => ({
      method: request.method,
      path: request.path,
      ...(request.route && { route: request.route }),
      status: statusCode,
    }),
    verbs: { ...verbs, routes },
  }
}

const result = (answer: Answer, { [opened]: { request, response } }: Ctx): HttpResult => {
  response.sealed = true
  return request.result(request.method === 'HEAD' ? { ...answer, body: undefined } : answer)
}
