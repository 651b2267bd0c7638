import type { HttpEvent } from '../src/index.ts'

export interface Sent {
  readonly method?: string
  readonly path?: string
  /** As it stands in the URL. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly body?: string
  readonly base64?: boolean
}

const peer = '198.51.100.7'
const pairs = (query: string) => (query ? query.split('&').map((pair) => pair.split('=') as [string, string]) : [])
const decodedPairs = (query: string) => [...new URLSearchParams(query)]
const single = (all: readonly (readonly [string, string])[]) => (all.length > 0 ? Object.fromEntries(all) : null)
const multi = (all: readonly (readonly [string, string])[]) => {
  const map = new Map<string, string[]>()
  for (const [name, value] of all) map.set(name, [...(map.get(name) ?? []), value])
  return all.length > 0 ? Object.fromEntries(map) : null
}
const withCookies = ({ headers = {}, cookies = [] }: Sent, forwarded: string): [string, string][] => [
  ...Object.entries(headers),
  ...(cookies.length > 0 ? [['Cookie', cookies.join('; ')] as [string, string]] : []),
  ['X-Forwarded-For', forwarded],
]

const decodedPath = (path: string) => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** HTTP API, payload format 2.0. */
export const httpApi = (sent: Sent, stage = '$default'): HttpEvent => {
  const { method = 'GET', path = '/', query = '', headers = {}, cookies, body, base64 = false } = sent
  const joined: Record<string, string> = {}
  for (const [name, value] of decodedPairs(query))
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`
  // An HTTP API decodes the path, and ends it at a decoded question mark.
  const decoded = decodedPath(path).split('?', 1)[0] as string
  const rawPath = stage === '$default' ? decoded : `/${stage}${decoded}`
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    ...(cookies && { cookies: [...cookies] }),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([n, v]) => [n.toLowerCase(), v])),
      'x-forwarded-for': `forged, ${peer}`,
    },
    ...(query && { queryStringParameters: joined }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3',
      domainName: 'a1b2c3.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'a1b2c3',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: peer, userAgent: 'curl' },
      requestId: 'gateway-id',
      routeKey: '$default',
      stage,
      time: '24/Nov/2026:09:00:00 +0000',
      timeEpoch: 1795510800000,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: base64,
  }
}

export const functionUrl = (sent: Sent): HttpEvent => {
  const event = httpApi(sent) as Extract<HttpEvent, { rawPath: string }>
  const { path = '/' } = sent
  const requestContext = { ...event.requestContext, domainName: 'abc.lambda-url.eu-central-1.on.aws' }
  return { ...event, rawPath: path, requestContext }
}

/** REST API, payload format 1.0. */
export const restApi = (sent: Sent): HttpEvent => {
  const { method = 'GET', path = '/', query = '', body, base64 = false } = sent
  const headers = withCookies(sent, `forged, ${peer}`)
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: single(headers) ?? {},
    multiValueHeaders: multi(headers) ?? {},
    queryStringParameters: single(decodedPairs(query)),
    multiValueQueryStringParameters: multi(decodedPairs(query)),
    pathParameters: null,
    stageVariables: null,
    requestContext: { accountId: '123456789012', identity: { sourceIp: peer }, stage: 'prod', requestId: 'gateway-id' },
    body: body ?? null,
    isBase64Encoded: base64,
  } as unknown as HttpEvent
}

export const alb = (sent: Sent, several = false): HttpEvent => {
  const { method = 'GET', path = '/', query = '', body = '', base64 = false } = sent
  const headers = withCookies(sent, `forged, ${peer}`).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    requestContext: {
      elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/t/abc' },
    },
    httpMethod: method,
    path,
    ...(several
      ? { multiValueQueryStringParameters: multi(pairs(query)) ?? {}, multiValueHeaders: multi(headers) ?? {} }
      : { queryStringParameters: single(pairs(query)) ?? {}, headers: single(headers) ?? {} }),
    body,
    isBase64Encoded: base64,
  }
}
export const albMulti = (sent: Sent): HttpEvent => alb(sent, true)

export const formats: readonly (readonly [name: string, format: (sent: Sent) => HttpEvent])[] = [
  ['HTTP API', httpApi],
  ['function URL', functionUrl],
  ['REST API', restApi],
  ['ALB', alb],
  ['ALB, multi-value', albMulti],
]
