import { decode } from '../http-routes.ts'
import type { FailureKind, Front } from './front.ts'
import type { HttpApiOptions } from './options.ts'
import { domainOf } from './received.ts'
import { newRequestId } from './request-id.ts'
import { type HttpResponse, message } from './result.ts'
import { type Version2Event, version2, version2Response } from './version-2.ts'

/**
 * API Gateway's payload format 2.0. `rawPath` is percent-decoded: an HTTP API decodes it, unlike a function URL.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface HttpApiEvent extends Version2Event {}

const failures: Readonly<Record<FailureKind, HttpResponse>> = {
  failed: message(500, 'Internal Server Error'),
  timeout: message(503, 'Service Unavailable'),
  throttled: message(503, 'Service Unavailable'),
  requestTooLarge: message(413, 'Request Entity Too Large'),
  notFound: message(404, 'Not Found'),
}

/**
 * An HTTP API.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
export const httpApi = ({ stageVariables, authorizer }: Omit<HttpApiOptions, 'type'>): Front => ({
  bodyLimit: 10 * 1024 * 1024,
  limit: 30_000,
  hand(received, { key, path, parameters }) {
    const requestId = newRequestId()
    const event: HttpApiEvent = version2(received, {
      rawPath: decode(path).replace(/\?.*$/s, ''),
      routeKey: key,
      requestId,
      accountId: '123456789012',
      apiId: 'local',
      domainName: domainOf(received),
      authorizer,
      pathParameters: parameters,
      stageVariables,
    })
    return { event, headers: { 'apigw-requestid': requestId } }
  },
  answer: (payload) => version2Response(payload, 'text/plain;charset=UTF-8'),
  failure: (kind) => failures[kind],
})
