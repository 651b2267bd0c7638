import type { ApiRequestOptions } from '../src/index.ts'

// Events with everything that each service says of one request, by the services' documentation. What tests compare is
// which keys there are, and of what kind the values: the values themselves are made up.

/** What the samples are of. */
export const request: ApiRequestOptions = {
  method: 'POST',
  path: '/shops/berlin/orders',
  query: { tag: ['new', 'large'], page: '2' },
  headers: { 'Content-Type': 'application/json', 'X-Shop': 'berlin' },
  cookies: { session: 's-1', theme: 'dark' },
  body: { sku: 'A-1' },
  ip: '203.0.113.24',
}

type Event = Readonly<Record<string, unknown>>

const route = '/shops/{shop}/orders'

/** What API Gateway was told beside. */
export const api: ApiRequestOptions = {
  route,
  stageVariables: { table: 'orders-test' },
  authorizer: { jwt: { claims: { sub: 'u-1' }, scopes: ['orders.write'] } },
}

const lowerCaseHeaders = {
  'content-type': 'application/json',
  'x-shop': 'berlin',
  accept: '*/*',
  host: 'q1w2e3r4t5.execute-api.eu-central-1.amazonaws.com',
  'user-agent': 'curl/8.5.0',
  'x-forwarded-for': '203.0.113.24',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
  'content-length': '13',
  'x-amzn-trace-id': 'Root=1-6563a1b2-0a1b2c3d4e5f60718293a4b5',
}

const version2 = {
  version: '2.0',
  rawPath: '/shops/berlin/orders',
  rawQueryString: 'tag=new&tag=large&page=2',
  cookies: ['session=s-1', 'theme=dark'],
  headers: lowerCaseHeaders,
  queryStringParameters: { tag: 'new,large', page: '2' },
  body: '{"sku":"A-1"}',
  isBase64Encoded: false,
}
const context2 = {
  apiId: 'q1w2e3r4t5',
  domainName: 'q1w2e3r4t5.execute-api.eu-central-1.amazonaws.com',
  domainPrefix: 'q1w2e3r4t5',
  http: {
    method: 'POST',
    path: '/shops/berlin/orders',
    protocol: 'HTTP/1.1',
    sourceIp: '203.0.113.24',
    userAgent: 'curl/8.5.0',
  },
  requestId: 'Pz1abCdEFiAEJqw=',
  stage: '$default',
  time: '26/Nov/2026:19:51:14 +0000',
  timeEpoch: 1795722674000,
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const httpApi: Event = {
  ...version2,
  routeKey: `POST ${route}`,
  requestContext: {
    ...context2,
    accountId: '210987654321',
    authorizer: { jwt: { claims: { sub: 'u-1' }, scopes: ['orders.write'] } },
    routeKey: `POST ${route}`,
  },
  pathParameters: { shop: 'berlin' },
  stageVariables: { table: 'orders-test' },
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
export const functionUrl: Event = {
  ...version2,
  routeKey: '$default',
  requestContext: { ...context2, accountId: 'anonymous', routeKey: '$default' },
}

const headers = {
  'Content-Type': 'application/json',
  'X-Shop': 'berlin',
  Accept: '*/*',
  Host: 'z9y8x7w6v5.execute-api.eu-central-1.amazonaws.com',
  'User-Agent': 'curl/8.5.0',
  'X-Forwarded-For': '203.0.113.24',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
  Cookie: 'session=s-1; theme=dark',
  'X-Amzn-Trace-Id': 'Root=1-6563a1b2-0a1b2c3d4e5f60718293a4b5',
}
const oneEach = <T>(values: Record<string, T>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]))

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export const restApi: Event = {
  resource: route,
  path: '/shops/berlin/orders',
  httpMethod: 'POST',
  headers,
  multiValueHeaders: oneEach(headers),
  queryStringParameters: { tag: 'large', page: '2' },
  multiValueQueryStringParameters: { tag: ['new', 'large'], page: ['2'] },
  pathParameters: { shop: 'berlin' },
  stageVariables: { table: 'orders-test' },
  requestContext: {
    accountId: '210987654321',
    apiId: 'z9y8x7w6v5',
    authorizer: { jwt: { claims: { sub: 'u-1' }, scopes: ['orders.write'] } },
    domainName: 'z9y8x7w6v5.execute-api.eu-central-1.amazonaws.com',
    domainPrefix: 'z9y8x7w6v5',
    extendedRequestId: 'Qx2bcDEfGhIJklM=',
    httpMethod: 'POST',
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
      sourceIp: '203.0.113.24',
      user: null,
      userAgent: 'curl/8.5.0',
      userArn: null,
    },
    path: '/live/shops/berlin/orders',
    protocol: 'HTTP/1.1',
    requestId: '0d1e2f30-4152-4364-8576-9788a9bacbdc',
    requestTime: '26/Nov/2026:19:51:14 +0000',
    requestTimeEpoch: 1795722674000,
    resourceId: 'k3l4m5',
    resourcePath: route,
    stage: 'live',
  },
  body: '{"sku":"A-1"}',
  isBase64Encoded: false,
}

const albHeaders = { ...lowerCaseHeaders, cookie: 'session=s-1; theme=dark' }

const balanced = {
  requestContext: {
    elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:210987654321:targetgroup/shop/fedcba9876543210' },
  },
  httpMethod: 'POST',
  path: '/shops/berlin/orders',
  body: '{"sku":"A-1"}',
  isBase64Encoded: false,
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
export const alb: Event = {
  ...balanced,
  queryStringParameters: { tag: 'large', page: '2' },
  headers: albHeaders,
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#multi-value-headers */
export const albMultiValue: Event = {
  ...balanced,
  multiValueQueryStringParameters: { tag: ['new', 'large'], page: ['2'] },
  multiValueHeaders: oneEach(albHeaders),
}

/** Which keys there are, and of what kind their values. */
export const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
}
