import { type Invocation, OutputError } from '@fnware/core'
import { type AnyMiddleware, checkOptions, checkSchema, isThenable, nested, parse } from '@fnware/core/extend'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { HttpContext } from '../http.ts'
import { isReply, reply } from '../reply.ts'
import type { HttpRequest, RequestOf } from '../request.ts'
import type { Responses } from './routes.ts'
import { parameterNames } from './trie.ts'

/** A route, ready to run. */
export interface Endpoint {
  readonly path: string
  /** The path's parameters, in order. */
  readonly names: readonly string[]
  run(ctx: object): unknown
}

interface Spec {
  readonly params?: StandardSchemaV1
  readonly query?: StandardSchemaV1
  readonly body?: StandardSchemaV1
  readonly response?: Responses
}
type Ctx = Invocation & HttpContext & { readonly request: RequestOf }
type Handler = (ctx: object) => unknown

/** @throws TypeError that names the route and says what is wrong with it */
export const endpoint = (
  method: string,
  path: string,
  steps: readonly AnyMiddleware[],
  rest: readonly unknown[],
): Endpoint => {
  const where = `the route ${method} ${path}`
  const names = parameterNames(path)
  const [spec, handler] = (rest.length > 1 ? rest : [{}, rest[0]]) as [Spec, Handler]
  if (typeof handler !== 'function') throw new TypeError(`${where} ends with its handler, not ${typeof handler}`)
  checkOptions(where, spec, {
    params: 'schema',
    query: 'schema',
    body: 'schema',
    response: 'object',
    summary: 'string',
  })
  for (const [status, schema] of Object.entries(spec.response ?? {}))
    checkSchema(`${where}: response ${status}`, schema)
  const finish = spec.response ? promising(spec.response) : (output: unknown) => output

  return {
    path,
    names,
    run: nested(steps, (ctx: Ctx) => {
      const { request } = ctx
      const params = spec.params ? parse(spec.params, request.params, 'params') : request.params
      const query = spec.query ? parse(spec.query, asSent(request.queries), 'query') : request.query
      const handle = (params: unknown, query: unknown, body: unknown) => {
        Object.assign(ctx, { params, query, body })
        // Without a schema the body is not read before somebody asks: it may be no JSON, and its bytes be signed.
        if (!spec.body && !request.empty) Object.defineProperty(ctx, 'body', bodyAsSent)
        const output = handler(ctx)
        return isThenable(output) ? output.then((output) => finish(output, ctx)) : finish(output, ctx)
      }
      const body = spec.body && parse(spec.body, request.body, 'body')
      return isThenable(params) || isThenable(query) || isThenable(body)
        ? Promise.all([params, query, body]).then((all) => handle(...all))
        : handle(params, query, body)
    }),
  }
}

const bodyAsSent: PropertyDescriptor = {
  configurable: true,
  enumerable: true,
  get(this: Ctx) {
    return this.request.body
  },
}

/** A string for each parameter, an array for one sent several times. */
const asSent = (queries: HttpRequest['queries']) =>
  Object.fromEntries(Object.entries(queries).map(([name, values]) => [name, values?.length === 1 ? values[0] : values]))

/** Checks what a route answers against what it promises. A status that it does not name is not checked. */
const promising = (responses: Responses) => {
  const bare = [200, 201, 202].find((status) => status in responses) ?? 200
  return (output: unknown, { response }: Ctx): unknown => {
    const replied = isReply(output)
    const { status, body, headers } = replied ? output : { status: response.status ?? bare, body: output, headers: {} }
    const schema = responses[status]
    if (!schema) return output
    const checked = (body: unknown) => reply(status, body, headers)
    const fit = parse(schema, body, undefined, OutputError)
    return isThenable(fit) ? fit.then(checked) : checked(fit)
  }
}
