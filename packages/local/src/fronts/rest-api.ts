import { randomUUID } from 'node:crypto'
import { isPlainObject } from '../check.ts'
import type { Match } from '../http-routes.ts'
import type { FailureKind, Front } from './front.ts'
import { all, decoded, last, oneSpelling } from './maps.ts'
import type { RestApiOptions } from './options.ts'
import { clfTime, domainOf, header, type Received, typeOf, withForwarded } from './received.ts'
import { remap } from './remap.ts'
import { newRequestId } from './request-id.ts'
import {
  BadResponse,
  byName,
  type HttpResponse,
  message,
  parse,
  readBody,
  readCookies,
  readHeaders,
  readMultiValueHeaders,
  readStatus,
} from './result.ts'

/**
 * API Gateway's payload format 1.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export interface RestApiEvent {
  readonly resource: string
  /** Percent-encoded, without the stage. */
  readonly path: string
  readonly httpMethod: string
  /** As the client spelled them; of several, the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>
  readonly queryStringParameters: Readonly<Record<string, string>> | null
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null
  readonly pathParameters: Readonly<Record<string, string>> | null
  readonly stageVariables: Readonly<Record<string, string>> | null
  readonly requestContext: Readonly<Record<string, unknown>> & { readonly requestId: string; readonly stage: string }
  readonly body: string | null
  readonly isBase64Encoded: boolean
}

const internal = (statusCode: number) => message(statusCode, 'Internal server error')
const failures: Readonly<Record<FailureKind, HttpResponse>> = {
  failed: internal(502),
  timeout: message(504, 'Endpoint request timed out'),
  throttled: internal(500),
  requestTooLarge: message(413, 'Request Too Long'),
  notFound: {
    ...message(403, 'Missing Authentication Token'),
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
  },
}

/** What a REST API takes of a result: with any other key it is malformed. */
const known = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']

/**
 * A REST API with Lambda proxy integrations.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApi = (options: Omit<RestApiOptions, 'type'>): Front => ({
  bodyLimit: 10 * 1024 * 1024,
  limit: 29_000,
  stream: options.stream ? head : undefined,
  hand(received, match) {
    const event = restApiEvent(received, match, options)
    const { requestId, extendedRequestId } = event.requestContext
    const headers = { 'x-amzn-requestid': requestId, 'x-amz-apigw-id': String(extendedRequestId) }
    return { event, headers: { ...headers, 'x-amzn-trace-id': event.headers['X-Amzn-Trace-Id'] ?? '' } }
  },
  answer(payload, received) {
    const result = parse(payload)
    if (!isPlainObject(result)) throw new BadResponse('it is no object with a statusCode and a body')
    const extra = Object.keys(result).find((key) => !known.includes(key))
    if (extra !== undefined)
      throw new BadResponse(`\`${extra}\` is nothing that a REST API knows: it takes ${known.join(', ')}`)
    const accepted = (header(received, 'accept') ?? 'application/json').split(',')[0]
    return {
      statusCode: readStatus(result.statusCode ?? 200),
      headers: remap(headersOf(result)),
      body: readBody(result.body, result.isBase64Encoded === true && isBinary(accepted, options.binaryMediaTypes)),
    }
  },
  failure: (kind) => failures[kind],
})

/** One value and several of each header, as one list without repetition. */
function headersOf(result: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  const several = readMultiValueHeaders(result.multiValueHeaders)
  const same = ([name, value]: readonly [string, string]) =>
    several.some(([other, its]) => other.toLowerCase() === name.toLowerCase() && its === value)
  const headers = byName([...readHeaders(result.headers).filter((pair) => !same(pair)), ...several])
  headers['content-type'] ??= 'application/json'
  return headers
}

/** A stream must say its status and headers itself. */
function head(said: unknown): Omit<HttpResponse, 'body'> {
  if (!isPlainObject(said)) throw new BadResponse('a REST API streams only what says its status and headers first')
  const headers = headersOf(said)
  const cookies = readCookies(said.cookies)
  if (cookies.length) headers['set-cookie'] = [headers['set-cookie'] ?? [], ...cookies].flat()
  return { statusCode: readStatus(said.statusCode), headers: remap(headers) }
}

function restApiEvent(
  received: Received,
  match: Match<unknown>,
  { stage, stageVariables, authorizer, binaryMediaTypes }: Omit<RestApiOptions, 'type'>,
): RestApiEvent {
  const { method, query, body, protocol, now } = received
  // A REST API has no route for all: what would be one are two, and the greedy one has no part of the root.
  const greedy = match.key === '$default' && match.path !== '/'
  const resource = match.key === '$default' ? (greedy ? '/{proxy+}' : '/') : match.key.split(' ')[1]!
  const pathParameters = greedy ? { proxy: match.path.slice(1) } : (match.encoded ?? null)
  const headers = oneSpelling(withForwarded(received).filter(([name]) => !/^(connection|content-length)$/i.test(name)))
  const parameters = decoded(query)
  const domainName = domainOf(received)
  const binary = isBinary(header(received, 'content-type') ?? 'application/json', binaryMediaTypes)
  const text = binary
    ? { body: body.toString('base64'), isBase64Encoded: body.length > 0 }
    : { body: body.toString(), isBase64Encoded: false }
  return {
    resource,
    path: match.path,
    httpMethod: method,
    headers: last(headers),
    multiValueHeaders: all(headers),
    queryStringParameters: parameters.length ? last(parameters) : null,
    multiValueQueryStringParameters: parameters.length ? all(parameters) : null,
    pathParameters,
    stageVariables: stageVariables ?? null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      ...(authorizer ? { authorizer } : {}),
      domainName,
      domainPrefix: domainName.split('.')[0]!,
      extendedRequestId: newRequestId(),
      httpMethod: method,
      identity: identityOf(received),
      path: received.url,
      protocol,
      requestId: randomUUID(),
      requestTime: clfTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: 'local',
      resourcePath: resource,
      stage: stage ?? 'local',
    },
    body: body.length ? text.body : null,
    isBase64Encoded: text.isBase64Encoded,
  }
}

/** Whether a type is among those that the API was told are bytes. */
function isBinary(contentType: string | undefined, types: readonly string[] = []): boolean {
  const [kind = '', sub = ''] = typeOf(contentType).split('/')
  return types.some((each) => {
    const [ownKind, ownSub] = each.toLowerCase().split('/')
    return (ownKind === '*' || ownKind === kind) && (ownSub === '*' || ownSub === sub)
  })
}

/** Of a client that nobody has authenticated. */
const identityOf = (received: Received) => ({
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: received.sourceIp,
  user: null,
  userAgent: header(received, 'user-agent') ?? null,
  userArn: null,
})
