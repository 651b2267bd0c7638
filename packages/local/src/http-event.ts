import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { decode, type Match } from './http-routes.ts'
import { newRoot } from './trace-id.ts'

/**
 * API Gateway's payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface HttpApiEvent {
  readonly version: '2.0'
  readonly routeKey: string
  /** Percent-decoded: an HTTP API decodes it, unlike a function URL. */
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly accountId: string
    readonly apiId: string
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
  readonly isBase64Encoded: boolean
}

/** What belongs to the connection rather than to the request: API Gateway passes none of it on. */
const connection = new Set(
  'connection expect keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

/** The event that a request is for the function. */
export function httpEvent(
  request: IncomingMessage,
  body: Buffer,
  match: Match<unknown>,
  now: Date = new Date(),
): HttpApiEvent {
  const { path, query } = target(request)
  const method = request.method ?? 'GET'
  const sourceIp = (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
  const { headers, cookies } = readHeaders(request, body, sourceIp)
  const domainName = (headers.host ?? 'localhost').replace(/:\d+$/, '')
  const rawPath = decode(path).replace(/\?.*$/s, '')
  const parameters = readQuery(query)
  const base64 = body.length > 0 && !(isText(headers['content-type']) && isUtf8(body))
  return {
    version: '2.0',
    routeKey: match.key,
    rawPath,
    rawQueryString: query,
    ...(cookies.length ? { cookies } : {}),
    headers,
    ...(parameters ? { queryStringParameters: parameters } : {}),
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0]!,
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: newRequestId(),
      routeKey: match.key,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length ? { body: body.toString(base64 ? 'base64' : 'utf8') } : {}),
    ...(match.parameters ? { pathParameters: match.parameters } : {}),
    isBase64Encoded: base64,
  }
}

/** Path and query as they came, percent-encoded. */
export function target(request: IncomingMessage): { path: string; query: string } {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  return { path: path.startsWith('/') ? path : `/${path}`, query: at < 0 ? '' : url.slice(at + 1) }
}

/** An id in API Gateway's manner: 11 bytes, base64. */
export const newRequestId = (): string => randomBytes(11).toString('base64')

function readHeaders(request: IncomingMessage, body: Buffer, sourceIp: string) {
  const headers: Record<string, string> = {}
  const cookies: string[] = []
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (!values || connection.has(name)) continue
    if (name === 'cookie') cookies.push(...values.flatMap((value) => value.split(/;\s*/)).filter(Boolean))
    else set(headers, name, values.join(','))
  }
  headers['content-length'] ??= String(body.length)
  headers['x-amzn-trace-id'] ??= newRoot()
  const before = headers['x-forwarded-for']
  headers['x-forwarded-for'] = before ? `${before}, ${sourceIp}` : sourceIp
  headers['x-forwarded-port'] = String(request.socket.localPort ?? 80)
  headers['x-forwarded-proto'] = 'http'
  return { headers, cookies }
}

/** Repeated keys are joined by commas; without any there is no map. */
function readQuery(query: string): Record<string, string> | undefined {
  if (!query) return undefined
  const parameters: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(query))
    set(parameters, name, Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value)
  return parameters
}

/** A plain assignment would make `__proto__` vanish. */
function set(map: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true })
}

/** What an HTTP API hands on as text; all else, forms included, comes as base64. */
function isText(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase()
  return type.startsWith('text/') || /^application\/(.+\+)?(json|xml)$/.test(type) || type === 'application/javascript'
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function clfTime(date: Date): string {
  const [day, time] = date.toISOString().split('T') as [string, string]
  return `${day.slice(8)}/${months[date.getUTCMonth()]}/${day.slice(0, 4)}:${time.slice(0, 8)} +0000`
}
