import lambdaApi, { type Request, type Response } from 'lambda-api'
import type { Counted, LambdaFunction, Make, Peer } from '../harness/peer.ts'
import { poisonInText, readText } from '../stack/body.ts'
import { beginLog, endLog, type HttpApiEvent, orderLog } from '../stack/log.ts'
import { parseOrder, place } from '../stack/order.ts'
import { type Problem, problemJson, problemType, refused } from '../stack/problem.ts'
import { found, routesOf } from '../stack/routes.ts'

export const peer: Peer = {
  title: 'lambda-api',
  packages: ['lambda-api'],
  order: 10,
  cannot: { deadline: 'it has none: Lambda ends the invocation' },
}

// Its types are those of its CommonJS build, which has the function under `default`.
const createApi = lambdaApi as unknown as typeof lambdaApi.default

export const http: Make = () => {
  const log = orderLog()
  const api = createApi()
  const refuse = (req: Request, res: Response, problem: Problem) => {
    req.problem = problem
    res.status(problem.status).type(problemType).send(problemJson(problem, req.id))
  }
  // What a middleware answers without `next()` goes no further. Only what is thrown is an error.
  api.use((req: Request, res: Response, next: () => void) => {
    req.started = performance.now()
    beginLog(log, req as unknown as HttpApiEvent, req.context)
    const text = readText(req.rawBody, req.isBase64Encoded)
    if (text.problem) return refuse(req, res, text.problem)
    const poisoned = text.value && poisonInText(text.value)
    if (poisoned) return refuse(req, res, refused([{ message: `the key ${poisoned} is refused` }]))
    next()
  })
  api.use((error: Error, req: Request, res: Response, next: () => void) => {
    req.error = error
    refuse(req, res, { status: 500 })
    next()
  })
  api.post('/orders', async (req: Request, res: Response) => {
    // What is no JSON, it hands on as text.
    if (typeof req.body === 'string') return refuse(req, res, refused([{ message: 'not valid JSON' }]))
    const parsed = parseOrder(req.body)
    if (parsed.issues) return refuse(req, res, refused(parsed.issues))
    res.status(201).json(await place(parsed.value))
  })
  api.finally((req: Request, res: Response) => {
    const { method, path, started, context, problem, error } = req
    const status = (res as unknown as { _statusCode: number })._statusCode
    endLog(log, { method, path, status, started, context, problem, error })
  })
  return (async (event: never, context: never) => api.run(event, context)) as LambdaFunction
}

export const routes: Counted = (count) => {
  const api = createApi()
  for (const route of routesOf(count))
    api.METHOD(route.method, route.path.replaceAll(/\{(\w+)\}/g, ':$1'), (req: Request, res: Response) =>
      res.json(found(route, req.params)),
    )
  return (async (event: never, context: never) => api.run(event, context)) as LambdaFunction
}
