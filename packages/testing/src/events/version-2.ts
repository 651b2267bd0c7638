import type * as aws from 'aws-lambda'
import { byType } from '../body.ts'
import { gatewayTime, traceId } from '../ids.ts'
import { decoded, joined, lowerCase } from '../maps.ts'
import { type Pairs, type Sent, valuesOf } from '../request.ts'

/** What HTTP APIs and function URLs say differently. */
export interface Service {
  readonly rawPath: string
  readonly routeKey: string
  readonly stage: string
  readonly requestId: string
  readonly accountId: string
  readonly apiId: string
  readonly domainName: string
  readonly authorizer?: object
  /** Those that the service adds. */
  readonly headers: Pairs
  readonly pathParameters?: Record<string, string>
  readonly stageVariables?: Record<string, string>
}

/** An event of payload format 2.0. */
export const version2 = (request: Sent, service: Service): aws.APIGatewayProxyEventV2 => {
  const { method, query, cookies, ip, userAgent } = request
  const { rawPath, routeKey, stage, requestId, accountId, apiId, domainName } = service
  const { authorizer, pathParameters, stageVariables } = service
  const now = new Date()
  const added = [...service.headers, ['X-Amzn-Trace-Id', traceId(now)] as const]
  const headers = [
    ...request.headers,
    ...added.filter(([name]) => valuesOf(request.headers, name.toLowerCase()).length === 0),
  ]
  const { body, isBase64Encoded } = byType(request, false)
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies: [...cookies] }),
    headers: joined(lowerCase(headers)),
    ...(query && { queryStringParameters: joined(decoded(query)) }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer && { authorizer }),
      domainName,
      domainPrefix: domainName.split('.', 1)[0] as string,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: ip, userAgent },
      requestId,
      routeKey,
      stage,
      time: gatewayTime(now),
      timeEpoch: now.getTime(),
    },
    ...(pathParameters && { pathParameters }),
    ...(stageVariables && { stageVariables }),
    ...(body !== undefined && { body }),
    isBase64Encoded,
  }
}
