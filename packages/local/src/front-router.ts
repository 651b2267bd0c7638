import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LambdaEvent } from './events.ts'
import { InvokeError, payloadLimit } from './failures.ts'
import { chooseFront, stageOf } from './fronts/choose.ts'
import type { Front, Handed } from './fronts/front.ts'
import { pathAndQuery, type Received, receive } from './fronts/received.ts'
import { BadResponse, type HttpResponse } from './fronts/result.ts'
import { StreamedResponse } from './fronts/streamed-response.ts'
import type { LambdaFunction } from './function.ts'
import { type Match, parseRouteKeys, RouteTable } from './http-routes.ts'
import { routesOf } from './http-routes-of.ts'
import type { Invoked } from './invoke.ts'
import { readBody } from './read-body.ts'
import { tracingHeaderIn } from './tracing/header.ts'

/** What stands behind a route. */
interface Integration {
  readonly name: string
  readonly function: LambdaFunction
  readonly front: Front
}

/** The services between HTTP and the functions: each request takes the route that fits it best, and so its front. */
export class FrontRouter {
  readonly #routes = new RouteTable<Integration>()
  readonly #emit: (event: LambdaEvent) => void
  /** Answers where there is no route. */
  readonly #first: Front

  /** @param limit ms that a function may take to answer, in the place of what each front allows */
  constructor(functions: ReadonlyMap<string, LambdaFunction>, emit: (event: LambdaEvent) => void, limit?: number) {
    this.#emit = emit
    const fronts: Front[] = []
    for (const [name, each] of functions) {
      for (const { keys, front: options } of routesOf(each.options, functions.size === 1)) {
        const chosen = chooseFront(options)
        const front = limit === undefined ? chosen : { ...chosen, limit }
        fronts.push(front)
        for (const key of parseRouteKeys(keys, `functions.${name}.http`)) {
          const to = { name, function: each, front }
          this.#routes.add({ ...key, stage: stageOf(options) }, to, (of) => `functions.${of.name}.http`)
        }
      }
    }
    this.#first = fronts[0] ?? chooseFront('http-api')
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const match = this.#routes.find(request.method ?? 'GET', pathAndQuery(request).path)
    const front = match?.to.front ?? this.#first
    const body = await readBody(request, front.bodyLimit)
    if (body === 'gone') return
    if (body === 'tooLarge') {
      response.setHeader('connection', 'close')
      return send(request, response, front.failure('requestTooLarge'))
    }
    if (!match) return send(request, response, front.failure('notFound'))
    const received = receive(request, body)
    const handed = front.hand(received, match)
    for (const [name, value] of Object.entries(handed.headers)) response.setHeader(name, value)
    const stream = front.stream && new StreamedResponse(response, front.stream, request.method !== 'HEAD')
    const answer = await this.#answer(match, handed, received, stream).catch(() => front.failure('failed'))
    if (response.destroyed || answer === 'streamed') return
    // Half an answer that ends as if it were whole would deceive the client.
    if (response.headersSent) response.destroy()
    else send(request, response, answer)
  }

  async #answer(
    { to }: Match<Integration>,
    { event, requestId }: Handed,
    received: Received,
    stream: StreamedResponse | undefined,
  ): Promise<HttpResponse | 'streamed'> {
    const { function: called, front } = to
    const payload = JSON.stringify(event)
    if (Buffer.byteLength(payload) > payloadLimit) return front.failure('requestTooLarge')
    const traceId = tracingHeaderIn(event)
    const invoked = called.invoke(payload, {
      ...(requestId === undefined ? {} : { requestId }),
      ...(traceId === undefined ? {} : { traceId }),
      ...(stream === undefined ? {} : { stream }),
    })
    let timer: NodeJS.Timeout | undefined
    // A stream may go on for as long as the function may run.
    const limit = stream ? undefined : front.limit
    const over = new Promise<undefined>((over) => {
      if (limit !== undefined) timer = setTimeout(() => called.debugged || over(undefined), limit)
    })
    try {
      const result = await Promise.race([invoked, over])
      if (!result) return front.failure('timeout')
      if (result.functionError) return front.failure(isTimeout(result.payload) ? 'timeout' : 'failed')
      if (!result.streamed || !stream) return this.#read(to, result, () => front.answer(result.payload, received))
      return this.#read(to, result, () => {
        stream.finish()
        return 'streamed'
      })
    } catch (error) {
      if (error instanceof InvokeError && error.statusCode === 429) return front.failure('throttled')
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** What a result stands for; one that is no response is told of, and fails. */
  #read<T>({ name, front }: Integration, { requestId }: Invoked, read: () => T): T | HttpResponse {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof BadResponse)) throw error
      const failed = front.failure('failed')
      const { statusCode } = failed
      this.#emit({
        type: 'badResponse',
        time: Date.now(),
        function: name,
        requestId,
        statusCode,
        reason: error.message,
      })
      return failed
    }
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: HttpResponse): void {
  const { statusCode, statusMessage, headers, body } = answer
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value])
  response.statusCode = statusCode
  if (statusMessage) response.statusMessage = statusMessage
  const without = statusCode === 204 || statusCode === 304
  if (!without) response.setHeader('content-length', body.length)
  response.end(without || request.method === 'HEAD' ? undefined : body)
}

function isTimeout(payload: string): boolean {
  try {
    return (JSON.parse(payload) as { errorType?: unknown } | null)?.errorType === 'Sandbox.Timedout'
  } catch {
    return false
  }
}
