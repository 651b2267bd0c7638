import { randomUUID } from 'node:crypto'
import type * as aws from 'aws-lambda'
import { type RequestOptions, sent, several, single } from '../request.ts'
import { gatewayTime } from './http-api.ts'

/** Payload format 1.0. */
export interface RestApiEvent extends aws.APIGatewayProxyEvent {}

/**
 * A request as a REST API of API Gateway gives it (payload format 1.0).
 * @throws TypeError on an unknown option
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApiEvent = (options: RequestOptions = {}): RestApiEvent => {
  const domainName = 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com'
  const { method, path, query, headers, cookies, body, isBase64Encoded, ip } = sent(
    'restApiEvent()',
    options,
    domainName,
  )
  const { stage = 'prod', route = '/{proxy+}', pathParameters } = options
  const all = [...headers, ...(cookies.length > 0 ? [['Cookie', cookies.join('; ')] as const] : [])]
  const now = new Date()
  return {
    resource: route,
    path,
    httpMethod: method,
    headers: single(all),
    multiValueHeaders: several(all),
    queryStringParameters: query.length > 0 ? single(query) : null,
    multiValueQueryStringParameters: query.length > 0 ? several(query) : null,
    pathParameters: pathParameters ? { ...pathParameters } : null,
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      authorizer: null,
      domainName,
      domainPrefix: 'a1b2c3d4e5',
      extendedRequestId: randomUUID(),
      httpMethod: method,
      identity: {
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
        userAgent: 'fnware-testing',
        userArn: null,
      },
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestId: randomUUID(),
      requestTime: gatewayTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: 'a1b2c3',
      resourcePath: route,
      stage,
    },
    body: body ?? null,
    isBase64Encoded,
  }
}
