import { randomUUID } from 'node:crypto'
import type * as aws from 'aws-lambda'
import { asText } from '../body.ts'
import { gatewayId, gatewayTime, traceId } from '../ids.ts'
import { all, decoded, last } from '../maps.ts'
import { type ApiRequestOptions, knownOfApis, type Pairs, type Sent, sent, valuesOf } from '../request.ts'
import { parametersOf } from '../route.ts'

/** Payload format 1.0. */
export interface RestApiEvent extends aws.APIGatewayProxyEvent {}

/**
 * A request as a REST API of API Gateway gives it (payload format 1.0): with the path as it was sent, without its stage,
 * and header names as the client and the service spell them. Bytes come in base64, as where the API has their type among
 * its binary media types.
 * @throws TypeError on an unknown option, and on a path that does not fit the route
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApiEvent = (options: ApiRequestOptions = {}): RestApiEvent => {
  const where = 'restApiEvent()'
  const request = sent(where, options, 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com', knownOfApis)
  const { method, path } = request
  const { stage = 'prod', stageVariables, authorizer } = options
  // A greedy route has no part of the root.
  const resource = options.route?.split(' ').at(-1) ?? (path === '/' ? '/' : '/{proxy+}')
  const pathParameters = options.pathParameters ?? parametersOf(where, resource, path)
  const now = new Date()
  const headers = headersOf(request, now)
  const query = decoded(request.query)
  const { body = null, isBase64Encoded } = asText(request)
  return {
    resource,
    path,
    httpMethod: method,
    headers: last(headers),
    multiValueHeaders: all(headers),
    queryStringParameters: query.length > 0 ? last(query) : null,
    multiValueQueryStringParameters: query.length > 0 ? all(query) : null,
    pathParameters: Object.keys(pathParameters).length > 0 ? { ...pathParameters } : null,
    stageVariables: stageVariables ? { ...stageVariables } : null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      // Without one, the service leaves the key out, which the type does not know.
      ...(authorizer && { authorizer: { ...authorizer } }),
      domainName: request.host,
      domainPrefix: request.host.split('.', 1)[0],
      extendedRequestId: gatewayId(),
      httpMethod: method,
      identity: identityOf(request),
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestId: randomUUID(),
      requestTime: gatewayTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: 'a1b2c3',
      resourcePath: resource,
      stage,
    } as aws.APIGatewayEventRequestContext,
    body,
    isBase64Encoded,
  }
}

const headersOf = ({ headers, cookies }: Sent, now: Date): Pairs => [
  ...headers,
  ...(cookies.length > 0 ? [['Cookie', cookies.join('; ')] as const] : []),
  ...(valuesOf(headers, 'x-amzn-trace-id').length > 0 ? [] : [['X-Amzn-Trace-Id', traceId(now)] as const]),
]

/** Of a client that nobody has authenticated. */
const identityOf = ({ ip, userAgent }: Sent) => ({
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
  sourceIp: ip,
  user: null,
  userAgent,
  userArn: null,
})
