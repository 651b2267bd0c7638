import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asyncPayloadLimit, InvokeError, payloadLimit } from './failures.ts'
import type { LambdaFunction } from './function.ts'
import {
  type InvokeOperation,
  type InvokeRequest,
  readInvokeRequest,
  readPayload,
  refuseOtherSites,
} from './invoke-request.ts'
import { streamInvocation } from './invoke-stream.ts'
import { readBody } from './read-body.ts'

/** Those whose message Lambda spells with a capital, unlike all others. */
const capital = new Set(['AccessDeniedException', 'ResourceNotFoundException'])

/**
 * Lambda's Invoke API, for the AWS SDKs and the AWS CLI. Signatures are not looked at.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class InvokeApi {
  /** @throws {InvokeError} `ResourceNotFoundException` */
  readonly #named: (name: string, qualifier?: string) => LambdaFunction

  constructor(named: (name: string, qualifier?: string) => LambdaFunction) {
    this.#named = named
  }

  async serve(request: IncomingMessage, response: ServerResponse, operation: InvokeOperation): Promise<void> {
    const requestId = randomUUID()
    response.setHeader('x-amzn-RequestId', requestId)
    const body = await readBody(request, payloadLimit)
    if (body === 'gone') return
    if (body === 'tooLarge') response.setHeader('Connection', 'close')
    try {
      refuseOtherSites(request)
      if (request.method !== 'POST') throw new InvokeError('MethodNotAllowedException', 405, 'The method is POST.')
      const read = readInvokeRequest(request, operation)
      const called = this.#named(read.address.name, read.address.qualifier)
      await this.#invoke(called, read, body, requestId, response)
    } catch (error) {
      refuse(response, error)
    }
  }

  async #invoke(
    called: LambdaFunction,
    { type, streaming, options }: InvokeRequest,
    body: Buffer | 'tooLarge',
    requestId: string,
    response: ServerResponse,
  ): Promise<void> {
    const payload = readPayload(body, type === 'Event' ? asyncPayloadLimit : payloadLimit)
    if (type === 'DryRun') return void response.writeHead(204).end()
    if (type === 'Event') {
      called.queue(payload, { ...options, requestId })
      return void response.writeHead(202, { 'Content-Length': 0 }).end()
    }
    if (streaming) return streamInvocation(called, payload, { ...options, requestId }, response)
    const result = await called.invoke(payload, { ...options, requestId })
    const { functionError, logResult, executedVersion, statusCode } = result
    if (functionError !== undefined) response.setHeader('X-Amz-Function-Error', functionError)
    if (logResult !== undefined) response.setHeader('X-Amz-Log-Result', logResult)
    response
      .writeHead(statusCode, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(result.payload),
        'X-Amz-Executed-Version': executedVersion,
      })
      .end(result.payload)
  }
}

/** Answers an error as Lambda's API words it. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  const known = error instanceof InvokeError
  const { name, statusCode, message, reason } = known
    ? error
    : new InvokeError('ServiceException', 500, error instanceof Error ? error.message : String(error))
  const body = JSON.stringify({
    ...(reason === undefined ? {} : { Reason: reason }),
    Type: statusCode < 500 ? 'User' : 'Service',
    [capital.has(name) ? 'Message' : 'message']: message,
  })
  response
    .writeHead(statusCode, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'x-amzn-ErrorType': name,
    })
    .end(body)
}
