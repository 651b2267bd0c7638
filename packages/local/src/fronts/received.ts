import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { newRoot } from '../tracing/header.ts'
import type { Pairs } from './maps.ts'

/** A request as it came, before a front has made an event of it. */
export interface Received {
  readonly method: string
  /** Percent-encoded, with a stage. */
  readonly url: string
  readonly query: string
  /** As they were sent, in order. Of those that belong to the connection, `Connection` alone. */
  readonly headers: Pairs
  readonly body: Buffer
  /** As in `HTTP/1.1`. */
  readonly protocol: string
  readonly sourceIp: string
  readonly port: number
  readonly now: Date
}

/** What belongs to the connection rather than to the request. */
const connection = new Set(
  'expect keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

export function receive(request: IncomingMessage, body: Buffer, now: Date = new Date()): Received {
  const { path, query } = pathAndQuery(request)
  const headers: (readonly [string, string])[] = []
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!
    if (!connection.has(name.toLowerCase())) headers.push([name, request.rawHeaders[i + 1]!])
  }
  return {
    method: request.method ?? 'GET',
    url: path,
    query,
    headers,
    body,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    port: request.socket.localPort ?? 80,
    now,
  }
}

/** Path and query as they came, percent-encoded. */
export function pathAndQuery(request: IncomingMessage): { path: string; query: string } {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  return { path: path.startsWith('/') ? path : `/${path}`, query: at < 0 ? '' : url.slice(at + 1) }
}

/** All values of a header, joined by commas. */
export function header({ headers }: Received, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  return values.length ? values.join(',') : undefined
}

/** The name that the client asked for, without a port. */
export const domainOf = (received: Received): string => (header(received, 'host') ?? 'localhost').replace(/:\d+$/, '')

/** What every service adds: who sent it, how, and a root to trace it by. Given as they are, or in these words. */
export function withForwarded(received: Received): Pairs {
  const { sourceIp, port } = received
  const before = header(received, 'x-forwarded-for')
  const own: Pairs = [
    ['X-Amzn-Trace-Id', header(received, 'x-amzn-trace-id') ?? newRoot()],
    ['X-Forwarded-For', before ? `${before}, ${sourceIp}` : sourceIp],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', 'http'],
  ]
  const replaced = new Set(own.map(([name]) => name.toLowerCase()))
  return [...received.headers.filter(([name]) => !replaced.has(name.toLowerCase())), ...own]
}

/** As an event carries a body. */
export function carried(body: Buffer, asText: boolean): { body: string; isBase64Encoded: boolean } {
  const isBase64Encoded = body.length > 0 && !(asText && isUtf8(body))
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }
}

/** The type of the content, without parameters; empty when there is none. */
export const typeOf = (contentType: string | undefined): string =>
  (contentType ?? '').split(';')[0]!.trim().toLowerCase()

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** As in `21/Apr/2020:15:08:21 +0000`. */
export function clfTime(date: Date): string {
  const [day, time] = date.toISOString().split('T') as [string, string]
  return `${day.slice(8)}/${months[date.getUTCMonth()]}/${day.slice(0, 4)}:${time.slice(0, 8)} +0000`
}
