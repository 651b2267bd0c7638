import { randomUUID } from 'node:crypto'
import { isPlainObject } from '../check.ts'
import { payloadLimit } from '../failures.ts'
import type { FailureKind, Front } from './front.ts'
import type { FunctionUrlOptions } from './options.ts'
import { remap } from './remap.ts'
import type { HttpResponse } from './result.ts'
import { type Version2Event, version2, version2Head, version2Response } from './version-2.ts'

/**
 * Payload format 2.0 as a function URL gives it: with the path as it was sent.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export interface FunctionUrlEvent extends Version2Event {}

const answer = (statusCode: number, errorType: string, body: string): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': errorType },
  body: Buffer.from(body),
})

const internal = answer(502, 'InternalServerErrorException', 'Internal Server Error')
const tooLarge = `Request must be smaller than ${payloadLimit} bytes for the InvokeFunction operation`
const failures: Readonly<Record<FailureKind, HttpResponse>> = {
  failed: internal,
  timeout: internal,
  throttled: answer(429, 'TooManyRequestsException', JSON.stringify({ Type: 'User', message: 'Rate Exceeded.' })),
  requestTooLarge: answer(413, 'RequestTooLargeException', JSON.stringify({ Type: 'User', message: tooLarge })),
  notFound: answer(404, 'ResourceNotFoundException', JSON.stringify({ Message: null })),
}

/** Functions tell by it that they are behind a function URL, which gives the path as it was sent. */
const domainName = 'local.lambda-url.us-east-1.on.aws'

/** A function URL. */
export const functionUrl = ({ authorizer, stream = false }: Omit<FunctionUrlOptions, 'type'>): Front => ({
  bodyLimit: payloadLimit,
  limit: undefined,
  stream: stream ? head : undefined,
  hand(received, { path }) {
    const requestId = randomUUID()
    const event: FunctionUrlEvent = version2(received, {
      rawPath: path,
      routeKey: '$default',
      requestId,
      accountId: authorizer ? '123456789012' : 'anonymous',
      apiId: 'local',
      domainName,
      authorizer,
    })
    const trace = event.headers['x-amzn-trace-id'] ?? ''
    return { event, headers: { 'x-amzn-requestid': requestId, 'x-amzn-trace-id': trace }, requestId }
  },
  answer(payload) {
    const response = version2Response(payload, 'application/json')
    return { ...response, headers: remap(response.headers) }
  },
  failure: (kind) => failures[kind],
})

/** Without a word of the function's it is 200, and of the type that the stream has. */
function head(said: unknown, contentType: string): Omit<HttpResponse, 'body'> {
  const given = isPlainObject(said) ? { statusCode: 200, ...said } : { statusCode: 200 }
  const { statusCode, headers } = version2Head(given, said === undefined ? contentType : 'application/octet-stream')
  return { statusCode, headers: remap(headers) }
}
