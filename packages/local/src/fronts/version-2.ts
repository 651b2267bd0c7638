import { isPlainObject } from '../check.ts'
import { decoded, joined, lowerCase } from './maps.ts'
import { carried, clfTime, header, type Received, typeOf, withForwarded } from './received.ts'
import { byName, type HttpResponse, parse, readBody, readCookies, readHeaders, readStatus } from './result.ts'

/** What HTTP APIs and function URLs have in common of payload format 2.0. */
export interface Version2Event {
  readonly version: '2.0'
  readonly routeKey: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly accountId: string
    readonly apiId: string
    readonly authorizer?: Readonly<Record<string, unknown>>
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: {
      readonly method: string
      readonly path: string
      readonly protocol: string
      readonly sourceIp: string
      readonly userAgent: string
    }
    readonly requestId: string
    readonly routeKey: string
    readonly stage: '$default'
    /** As in `21/Apr/2020:15:08:21 +0000`. */
    readonly time: string
    /** ms since 1970 */
    readonly timeEpoch: number
  }
  readonly body?: string
  readonly pathParameters?: Readonly<Record<string, string>>
  readonly stageVariables?: Readonly<Record<string, string>>
  readonly isBase64Encoded: boolean
}

/** What they say differently. */
export interface Service {
  readonly rawPath: string
  readonly routeKey: string
  readonly requestId: string
  readonly accountId: string
  readonly apiId: string
  readonly domainName: string
  readonly authorizer: Readonly<Record<string, unknown>> | undefined
  readonly pathParameters?: Readonly<Record<string, string>> | undefined
  readonly stageVariables?: Readonly<Record<string, string>> | undefined
}

export function version2(received: Received, service: Service): Version2Event {
  const { method, query, body, protocol, sourceIp, now } = received
  const { rawPath, routeKey, requestId, accountId, apiId, domainName, authorizer, pathParameters, stageVariables } =
    service
  const cookies = received.headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/))
    .filter(Boolean)
  const headers = joined(
    lowerCase(withForwarded(received)).filter(([name]) => name !== 'cookie' && name !== 'connection'),
  )
  headers['content-length'] ??= String(body.length)
  const text = carried(body, isText(header(received, 'content-type')))
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookies.length ? { cookies } : {}),
    headers,
    ...(query ? { queryStringParameters: joined(decoded(query)) } : {}),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer ? { authorizer } : {}),
      domainName,
      domainPrefix: domainName.split('.')[0]!,
      http: { method, path: rawPath, protocol, sourceIp, userAgent: header(received, 'user-agent') ?? '' },
      requestId,
      routeKey,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length ? { body: text.body } : {}),
    ...(pathParameters ? { pathParameters } : {}),
    ...(stageVariables ? { stageVariables } : {}),
    isBase64Encoded: text.isBase64Encoded,
  }
}

/** What they hand on as text; all else, forms included, comes as base64. */
function isText(contentType: string | undefined): boolean {
  const type = typeOf(contentType)
  return type.startsWith('text/') || /^application\/(.+\+)?(json|xml)$/.test(type) || type === 'application/javascript'
}

/**
 * The response that a result stands for: one without a `statusCode` is the body itself, as JSON.
 *
 * @throws {BadResponse} saying what is wrong with it
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function version2Response(payload: string, defaultType: string): HttpResponse {
  const result = parse(payload)
  if (!isPlainObject(result) || result.statusCode === undefined) {
    const body = Buffer.from(typeof result === 'string' ? result : payload)
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body }
  }
  return {
    ...version2Head(result, defaultType),
    body: readBody(result.body, result.isBase64Encoded === true),
  }
}

/** @throws {BadResponse} saying what is wrong with it */
export function version2Head(said: Readonly<Record<string, unknown>>, defaultType: string): Omit<HttpResponse, 'body'> {
  const headers = byName(readHeaders(said.headers))
  headers['content-type'] ??= defaultType
  const cookies = readCookies(said.cookies)
  if (cookies.length) headers['set-cookie'] = [headers['set-cookie'] ?? [], ...cookies].flat()
  return { statusCode: readStatus(said.statusCode), headers }
}
