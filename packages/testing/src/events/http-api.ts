import { randomUUID } from 'node:crypto'
import type * as aws from 'aws-lambda'
import { type RequestOptions, sent } from '../request.ts'

/** Payload format 2.0. */
export interface HttpApiEvent extends aws.APIGatewayProxyEventV2 {}

/**
 * A request as an HTTP API of API Gateway gives it (payload format 2.0).
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiEvent = (options: RequestOptions = {}): HttpApiEvent =>
  // An HTTP API decodes the path, and ends it at a decoded question mark. A function URL leaves it as it was sent.
  version2(
    'httpApiEvent()',
    options,
    'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
    (path) => decodeURIComponent(path).split('?', 1)[0] as string,
  )

/**
 * A request as a function URL gives it.
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export const functionUrlEvent = (options: RequestOptions = {}): HttpApiEvent =>
  version2('functionUrlEvent()', options, 'a1b2c3d4e5.lambda-url.us-east-1.on.aws', (path) => path)

const version2 = (
  where: string,
  options: RequestOptions,
  domainName: string,
  pathOf: (path: string) => string,
): HttpApiEvent => {
  const { method, path, query, headers, cookies, body, isBase64Encoded, ip } = sent(where, options, domainName)
  const { stage = '$default', route, pathParameters } = options
  const rawPath = (stage === '$default' ? '' : `/${stage}`) + pathOf(path)
  const routeKey = route ? `${method} ${route}` : '$default'
  const now = new Date()
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: new URLSearchParams(query as [string, string][]).toString(),
    ...(cookies.length > 0 && { cookies: [...cookies] }),
    headers: joined(headers.map(([name, value]) => [name.toLowerCase(), value])),
    ...(query.length > 0 && { queryStringParameters: joined(query) }),
    requestContext: {
      accountId: '123456789012',
      apiId: domainName.split('.', 1)[0] as string,
      domainName,
      domainPrefix: domainName.split('.', 1)[0] as string,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: ip, userAgent: 'fnware-testing' },
      requestId: randomUUID(),
      routeKey,
      stage,
      time: gatewayTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body !== undefined && { body }),
    ...(pathParameters && { pathParameters: { ...pathParameters } }),
    isBase64Encoded,
  }
}

/** What was sent several times is joined by a comma. */
const joined = (pairs: readonly (readonly [string, string])[]) => {
  const all = new Map<string, string>()
  for (const [name, value] of pairs) all.set(name, all.has(name) ? `${all.get(name)},${value}` : value)
  return Object.fromEntries(all)
}

/** `24/Nov/2026:09:00:00 +0000` */
export const gatewayTime = (date: Date): string => {
  const [, day, month, year, time] = date.toUTCString().split(/[ ,]+/)
  return `${day}/${month}/${year}:${time} +0000`
}
