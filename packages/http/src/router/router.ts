import { HttpError, type Invocation } from '@fnware/core'
import { type AnyMiddleware, type Collected, finish } from '@fnware/core/extend'
import { reply } from '../reply.ts'
import type { RequestOf } from '../request.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { Trie } from './trie.ts'

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'any'] as const

/** Where a finished function says which routes it has, for those who print or document them. */
const routesOf = Symbol.for('fnware.routes')

/** The verb `routes`. */
export const routes = (collected: Collected, define: (routes: object) => unknown): object => {
  if (typeof define !== 'function') throw new TypeError('.routes() takes a function: .routes((r) => { r.get(…) })')
  const trie = new Trie<Endpoint>()
  const list: { method: string; path: string }[] = []
  define(declaring([], (method, path, steps, rest) => {
    trie.add(method, path, endpoint(method, path, steps, rest))
    list.push({ method, path })
  }))
  if (list.length === 0) throw new TypeError('.routes() was given no route')
  return Object.assign(
    finish(collected, (ctx: Ctx) => route(trie, ctx)),
    { [routesOf]: list },
  )
}

type Ctx = Invocation & { readonly request: RequestOf }
type Declare = (method: string, path: string, steps: readonly AnyMiddleware[], rest: readonly unknown[]) => void

const declaring = (steps: readonly AnyMiddleware[], declare: Declare): object => {
  const routes: Record<string, unknown> = {
    use: (step: AnyMiddleware) => {
      if (typeof step !== 'function')
        throw new TypeError(`r.use() takes a middleware, not ${typeof step}: resources go to the chain`)
      return declaring([...steps, step], declare)
    },
  }
  for (const method of methods)
    routes[method] = (path: string, ...rest: readonly unknown[]) => {
      declare(method.toUpperCase(), path, steps, rest)
      return routes
    }
  return routes
}

const route = (trie: Trie<Endpoint>, ctx: Ctx): unknown => {
  const { request } = ctx
  const { method, path } = request
  const others: ReadonlyMap<string, Endpoint>[] = []
  const found = trie.find(path, (endpoints, values) => {
    const found =
      endpoints.get(method) ?? (method === 'HEAD' ? endpoints.get('GET') : undefined) ?? endpoints.get('ANY')
    if (found) request.matched(found, values)
    else others.push(endpoints)
    return found
  })
  return found ? found.run(ctx) : unmatched(others, method, path)
}

const unmatched = (others: readonly ReadonlyMap<string, Endpoint>[], method: string, path: string): unknown => {
  // `OPTIONS *` asks whether anybody is there: RFC 9110, 9.3.7.
  if (others.length === 0 && path !== '*') throw refusal(404, `there is nothing at ${path}`)
  const allowed = new Set(others.flatMap((endpoints) => [...endpoints.keys()]))
  if (allowed.has('GET')) allowed.add('HEAD')
  const allow = [...allowed.add('OPTIONS')].join(', ')
  if (method === 'OPTIONS') return reply(204, undefined, { allow })
  throw refusal(405, `${path} has no ${method}`, { headers: { allow } })
}

/** The fault lies in the request and not in the code: a stack would say nothing, and take half of the time. */
const refusal = (...args: ConstructorParameters<typeof HttpError>) => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const error = new HttpError(...args)
  Error.stackTraceLimit = stackTraceLimit
  return error
}
