import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route } from './events.ts'
import { type Failure, responseLimit, responseTooLarge } from './failures.ts'
import { decode } from './http-routes.ts'
import { readBody } from './read-body.ts'
import { passOn, type StreamTarget, streamLimit } from './stream-target.ts'
import type { Task } from './task.ts'

/** What the runtime answered. */
export interface Answer {
  /** JSON, unless the function streamed something else. */
  readonly payload: string
  readonly failure?: Failure
  /** It went to the task's `stream`: the payload is empty, unless it failed. */
  readonly streamed?: boolean
}

/** What an environment hears from its runtime. */
export interface Listener {
  /** The runtime asks for an invocation: INIT, or the one before, is done. */
  waiting(): void
  answered(requestId: string, answer: Answer): void
  initFailed(failure: Failure): void
  routes(routes: readonly Route[]): void
  memoryUsed(megabytes: number): void
}

/** Milliseconds that the answer may come after the runtime has asked for the next invocation. */
const answerGrace = 500
const prefix = '/2018-06-01/runtime/'

/**
 * Lambda's Runtime API for one execution environment.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #server: Server
  readonly #listener: Listener
  /** Whether the runtime may ask for more before it has answered. */
  readonly #many: boolean
  readonly #waiting: ServerResponse[] = []
  /** What nobody has asked for yet. */
  readonly #tasks: Task[] = []
  /** What is to be answered. */
  readonly #open = new Map<string, Task>()
  /** An answer that is being sent. */
  #arriving: Promise<void> | undefined
  #answered: (() => void) | undefined

  constructor(listener: Listener, many = false) {
    this.#listener = listener
    this.#many = many
    // The X-Ray cause of an error travels in a header, and may be long.
    this.#server = createServer(
      { maxHeaderSize: 1024 * 1024, requestTimeout: 0, headersTimeout: 0 },
      (request, response) => this.#serve(request, response),
    )
    this.#server.keepAliveTimeout = 0
    this.#server.timeout = 0
  }

  /** @returns host and port, for `AWS_LAMBDA_RUNTIME_API` */
  listen(): Promise<string> {
    return new Promise((listening, failed) => {
      this.#server.once('error', failed)
      this.#server.listen(0, '127.0.0.1', () => listening(`127.0.0.1:${(this.#server.address() as AddressInfo).port}`))
    })
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** Hands an invocation to the runtime: at once, if it waits for one. */
  send(task: Task): void {
    this.#open.set(task.requestId, task)
    this.#tasks.push(task)
    this.#handOut()
  }

  #handOut(): void {
    while (this.#tasks.length && this.#waiting.length) {
      const [task, response] = [this.#tasks.shift()!, this.#waiting.shift()!]
      const headers: Record<string, string | number> = {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(task.payload),
        'Lambda-Runtime-Aws-Request-Id': task.requestId,
        'Lambda-Runtime-Deadline-Ms': task.deadline,
        'Lambda-Runtime-Invoked-Function-Arn': task.functionArn,
        'Lambda-Runtime-Trace-Id': task.traceId,
      }
      if (task.clientContext !== undefined) headers['Lambda-Runtime-Client-Context'] = task.clientContext
      if (task.identity !== undefined) headers['Lambda-Runtime-Cognito-Identity'] = task.identity
      if (task.tenantId !== undefined) headers['Lambda-Runtime-Aws-Tenant-Id'] = task.tenantId
      response.writeHead(200, headers).end(task.payload)
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    request.on('error', () => {})
    response.on('error', () => {})
    const path = request.url ?? ''
    const [, id, end] = path.match(/^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/) ?? []
    if (path === `${prefix}invocation/next`) this.#allow('GET', request, response, () => void this.#next(response))
    else if (path === `${prefix}init/error`)
      this.#allow('POST', request, response, () => this.#initError(request, response))
    else if (path === '/fnware/routes') this.#allow('POST', request, response, () => this.#routes(request, response))
    else if (id === undefined) answer(response, 404, undefined)
    else this.#allow('POST', request, response, () => this.#answer(decode(id), end === 'error', request, response))
  }

  #allow(method: string, request: IncomingMessage, response: ServerResponse, serve: () => void): void {
    if (request.method === method) serve()
    else answer(response.setHeader('Allow', method), 405, undefined)
  }

  async #next(response: ServerResponse): Promise<void> {
    if (!this.#many) await this.#quiet()
    if (!this.#many && this.#open.size) {
      const errorMessage = 'The invocation under way must be answered before the next.'
      return answer(response, 403, { errorType: 'InvalidStateTransition', errorMessage })
    }
    this.#waiting.push(response)
    response.on('close', () => {
      const place = this.#waiting.indexOf(response)
      if (place >= 0) this.#waiting.splice(place, 1)
    })
    this.#listener.waiting()
    this.#handOut()
  }

  /** aws-lambda-ric asks for more while the end of a stream that failed is still on its way. */
  async #quiet(): Promise<void> {
    if (!this.#open.size) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((over) => {
      this.#answered = over
      timer = setTimeout(over, answerGrace)
    })
    clearTimeout(timer)
    await this.#arriving
  }

  async #answer(id: string, isError: boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#open.has(id)) {
      request.resume()
      return answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' })
    }
    const arriving = this.#take(id, isError, request, response)
    this.#arriving = arriving
    await arriving
  }

  async #take(id: string, isError: boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const streaming = request.headers['lambda-runtime-function-response-mode'] === 'streaming'
    const target = streaming && !isError ? this.#open.get(id)?.stream : undefined
    const payload = target
      ? await passed(request, target)
      : await read(request, streaming ? streamLimit : responseLimit)
    if (payload === 'gone' || !this.#open.delete(id)) return
    this.#answered?.()
    const streamed = target ? { streamed: true } : {}
    if (payload === 'tooLarge') {
      const errorMessage = `Exceeded maximum allowed payload size (${responseLimit} bytes).`
      answer(response, 413, { errorType: 'RequestEntityTooLarge', errorMessage })
      const payload = JSON.stringify(responseTooLarge)
      return this.#listener.answered(id, { payload, failure: responseTooLarge, ...streamed })
    }
    const used = Number(request.headers['fnware-memory-used'])
    if (used > 0) this.#listener.memoryUsed(used)
    answer(response, 202, { status: 'OK' })
    const trailer = request.trailers['lambda-runtime-function-error-body']
    const text = trailer ? Buffer.from(trailer, 'base64').toString() : payload.toString()
    const failure = isError || trailer ? { failure: failureOf(text) } : {}
    this.#listener.answered(id, { payload: text, ...streamed, ...failure })
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await read(request, responseLimit)
    if (typeof payload === 'string') return answer(response, 413, undefined)
    answer(response, 202, { status: 'OK' })
    this.#listener.initFailed(failureOf(payload.toString(), request.headers['lambda-runtime-function-error-type']))
  }

  /** What only fnware's own client knows, and tells once INIT is done. */
  async #routes(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await read(request, responseLimit)
    if (typeof payload !== 'string') this.#listener.routes(JSON.parse(payload.toString()) as Route[])
    answer(response, 202, { status: 'OK' })
  }
}

function answer(response: ServerResponse, status: number, body: object | undefined): void {
  const text = body ? `${JSON.stringify(body)}\n` : ''
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    .end(text)
}

function failureOf(body: string, errorType: string | string[] = 'Runtime.Unknown'): Failure {
  try {
    const read = JSON.parse(body) as Partial<Failure>
    return {
      errorType: String(read.errorType ?? errorType),
      errorMessage: String(read.errorMessage ?? ''),
      trace: Array.isArray(read.trace) ? read.trace.map(String) : [],
    }
  } catch {
    return { errorType: String(errorType), errorMessage: body }
  }
}

/** A runtime is never cut off: it would take that for the end of the environment. */
const read = (request: IncomingMessage, limit: number) => readBody(request, limit, Number.POSITIVE_INFINITY)

async function passed(request: IncomingMessage, target: StreamTarget): Promise<Buffer | 'tooLarge' | 'gone'> {
  const how = await passOn(request, target)
  return how === 'all' ? Buffer.alloc(0) : how
}
