import { createHash, createHmac } from 'node:crypto'

/** A request as it was on the wire. */
export interface SignedRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  /** In the order sent, a repeated one as often as it was sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array
}

/** `YYYYMMDD/region/service/aws4_request` */
export interface Scope {
  readonly date: string
  readonly region: string
  readonly service: string
}

export const algorithm = 'AWS4-HMAC-SHA256'
export const terminator = 'aws4_request'

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

const hmac = (key: string | Uint8Array, data: string): Buffer => createHmac('sha256', key).update(data).digest()

/** The signature that AWS would work out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function signature(canonical: string, scope: Scope, time: string, secretAccessKey: string): string {
  const words = `${scope.date}/${scope.region}/${scope.service}/${terminator}`
  const key = [scope.region, scope.service, terminator].reduce(hmac, hmac(`AWS4${secretAccessKey}`, scope.date))
  return hmac(key, [algorithm, time, words, sha256(canonical)].join('\n')).toString('hex')
}

export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[], without?: string): string {
  const [path = '/', query = ''] = split(request.url, '?')
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query, without),
    ...signedHeaders.map((name) => `${name}:${headerValue(request, name) ?? ''}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body ?? ''),
  ].join('\n')
}

/** All values of a header, joined and trimmed as they are signed. */
export function headerValue(request: SignedRequest, name: string): string | undefined {
  const values = request.headers.filter(([key]) => key.toLowerCase() === name)
  if (values.length === 0) return undefined
  return values.map(([, value]) => value.trim().replace(/\s+/g, ' ')).join(',')
}

export function split(text: string, at: string): [string, string?] {
  const index = text.indexOf(at)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

/** RFC 3986's unreserved characters stay as they are; `encodeURIComponent` leaves five more. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** All services but S3 sign the path with dot segments gone and, since it was encoded when sent, encoded twice. */
function canonicalPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(percentEncoded(segment))
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${end}`
}

function canonicalQuery(query: string, without?: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .map((pair) => split(pair, '='))
    .map(
      ([name, value = '']) =>
        [percentEncoded(decodeURIComponent(name)), percentEncoded(decodeURIComponent(value))] as const,
    )
    .filter(([name]) => name !== without)
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
