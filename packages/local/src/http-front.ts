import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OptionsError } from './check.ts'
import type { LambdaEvent } from './events.ts'
import { payloadLimit } from './failures.ts'
import type { LambdaFunction } from './function.ts'
import { httpEvent, target } from './http-event.ts'
import { BadResponse, type HttpResponse, httpResponse, message } from './http-response.ts'
import { type Match, parseRouteKeys, RouteTable } from './http-routes.ts'

/** The most that API Gateway takes of a body. */
const bodyLimit = 10 * 1024 * 1024
/** ms that API Gateway waits for a function. */
const integrationLimit = 30_000
/** What is still read of a body that is too long, so that the client comes to read the answer. */
const discardLimit = 64 * 1024 * 1024

const tooLarge = message(413, 'Request Entity Too Large')
const notFound = message(404, 'Not Found')
const internal = message(500, 'Internal Server Error')
const unavailable = message(503, 'Service Unavailable')

type Named = { readonly name: string; readonly function: LambdaFunction }

/**
 * An API Gateway HTTP API in front of the functions.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
export class HttpFront {
  readonly #server: Server
  readonly #routes = new RouteTable<Named>()
  readonly #emit: (event: LambdaEvent) => void
  readonly #limit: number

  /** @param limit ms that a function may take to answer, whatever its timeout */
  constructor(
    functions: ReadonlyMap<string, LambdaFunction>,
    emit: (event: LambdaEvent) => void,
    limit: number = integrationLimit,
  ) {
    this.#emit = emit
    this.#limit = limit
    this.#server = createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.#serve(request, response),
    )
    for (const [name, each] of functions) {
      const keys = each.options.http ?? (functions.size === 1 ? '$default' : false)
      if (keys === false) continue
      for (const route of parseRouteKeys([keys].flat(), `functions.${name}.http`))
        this.#routes.add(route, { name, function: each }, (of) => `functions.${of.name}.http`)
    }
  }

  /** @returns the url */
  listen(port: number, host: string): Promise<string> {
    return new Promise((listening, failed) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') return failed(error)
        failed(
          Object.assign(new OptionsError(`port ${port} of ${host} is in use: give another, or 0 for any free one`), {
            code: error.code,
          }),
        )
      })
      this.#server.listen(port, host, () => {
        const { port: taken } = this.#server.address() as AddressInfo
        // Open to every address, it is here too.
        const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
        listening(`http://${here.includes(':') ? `[${here}]` : here}:${taken}`)
      })
    })
  }

  close(): Promise<void> {
    return new Promise((closed) => {
      this.#server.close(() => closed())
      this.#server.closeAllConnections()
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client may go at any time: the function runs on, and nobody hears the answer.
    request.on('error', () => {})
    response.on('error', () => {})
    const body = await read(request)
    if (body === 'gone') return
    const answer = body === 'tooLarge' ? { ...tooLarge, close: true } : await this.#answer(request, body)
    if (response.destroyed) return
    send(request, response, answer)
  }

  async #answer(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const match = this.#routes.find(request.method ?? 'GET', target(request).path)
    if (!match) return notFound
    const event = httpEvent(request, body, match)
    const payload = JSON.stringify(event)
    if (Buffer.byteLength(payload) > payloadLimit) return tooLarge
    const requestId = event.requestContext.requestId
    try {
      return { ...(await this.#invoke(match, payload)), requestId }
    } catch {
      return { ...internal, requestId }
    }
  }

  async #invoke({ target: { name, function: called } }: Match<Named>, payload: string): Promise<HttpResponse> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<undefined>((over) => {
      timer = setTimeout(() => called.debugged || over(undefined), this.#limit)
    })
    const result = await Promise.race([called.invoke(payload), limit])
    clearTimeout(timer)
    if (!result) return unavailable
    if (result.functionError) return isTimeout(result.payload) ? unavailable : internal
    try {
      return httpResponse(result.payload)
    } catch (error) {
      if (!(error instanceof BadResponse)) throw error
      const { requestId } = result
      this.#emit({ type: 'badResponse', time: Date.now(), function: name, requestId, reason: error.message })
      return internal
    }
  }
}

type Answer = HttpResponse & { readonly requestId?: string; readonly close?: boolean }

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { statusCode, headers, cookies, body, requestId, close } = answer
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (cookies.length) response.setHeader('set-cookie', [headers['set-cookie'] ?? [], ...cookies].flat())
  if (requestId) response.setHeader('apigw-requestid', requestId)
  if (close) response.setHeader('connection', 'close')
  response.statusCode = statusCode
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

function read(request: IncomingMessage): Promise<Buffer | 'tooLarge' | 'gone'> {
  return new Promise((done) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyLimit) chunks.push(chunk)
      else {
        chunks.length = 0
        if (size > discardLimit) request.destroy()
      }
    })
    request.on('end', () =>
      done(size > bodyLimit ? 'tooLarge' : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)),
    )
    request.on('close', () => done('gone'))
  })
}
