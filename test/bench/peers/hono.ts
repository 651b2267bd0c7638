import { type Context, Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { bodyLimit as limited } from 'hono/body-limit'
import type { Counted, LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { readJson, tooLarge } from '../stack/body.ts'
import { beginLog, endLog, type HttpApiEvent, type LambdaContext, orderLog } from '../stack/log.ts'
import { bodyLimit, parseOrder, place } from '../stack/order.ts'
import { type Problem, problemJson, problemType, refused } from '../stack/problem.ts'
import { found, routesOf } from '../stack/routes.ts'

export const peer: Peer = {
  title: 'Hono',
  packages: ['hono'],
  order: 9,
  cannot: {
    'wrong method': 'it answers 404, without `allow`',
    deadline: 'its timeout is a fixed one, whatever time the function has left',
  },
}

interface Env {
  Bindings: { event: HttpApiEvent; lambdaContext: LambdaContext }
  Variables: { problem?: Problem }
}

export const http: Make = () => {
  const log = orderLog()
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const started = performance.now()
    const { event, lambdaContext: context } = c.env
    beginLog(log, event, context)
    await next()
    const problem = c.get('problem')
    endLog(log, {
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      started,
      context,
      problem,
      error: c.error,
    })
  })
  app.onError((_, c) => answer(c, { status: 500 }))
  app.post(
    '/orders',
    limited({ maxSize: bodyLimit, onError: (c) => answer(c as Context<Env>, tooLarge) }),
    async (c) => {
      const text = await c.req.text()
      // Hono's own c.req.json() takes any keys.
      const json = readJson(text || undefined)
      if (json.problem) return answer(c, json.problem)
      const parsed = parseOrder(json.value)
      if (parsed.issues) return answer(c, refused(parsed.issues))
      return c.json(await place(parsed.value), 201)
    },
  )
  return handle(app) as LambdaFunction
}

const answer = (c: Context<Env>, problem: Problem) => {
  c.set('problem', problem)
  return c.body(problemJson(problem, c.env.lambdaContext.awsRequestId), problem.status, { 'content-type': problemType })
}

export const routes: Counted = (count) => {
  const app = new Hono()
  for (const route of routesOf(count))
    app.on(route.method, route.path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) =>
      c.json(found(route, c.req.param() as never)),
    )
  return handle(app) as LambdaFunction
}
