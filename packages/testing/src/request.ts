import { checkOptions } from '@fnware/core/extend'
import { type Body, bodyOf } from './body.ts'

/** An HTTP request, said once for every service. */
export interface RequestOptions {
  /** `GET` by default; `POST` where there is a body. */
  readonly method?: string
  /** Percent-encoded, as in a URL; `/` by default. What cannot stand in a URL is encoded as a client would. */
  readonly path?: string
  /** Decoded, several values of one name as an array; or, as text, the query string as the client sends it. */
  readonly query?: Readonly<Record<string, string | readonly string[]>> | string
  /** By any spelling of their names; several values of one name as an array. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Decoded: what cannot stand in a cookie is percent-encoded. */
  readonly cookies?: Readonly<Record<string, string>>
  /**
   * Bytes go in base64, URLSearchParams as a form, text as it is, anything else as JSON; the last three with their content
   * type, but for text. Where a content type says that the service hands it on in base64, it does.
   */
  readonly body?: unknown
  /** The client's address; 192.0.2.1 by default. */
  readonly ip?: string
}

/** An HTTP request to API Gateway. */
export interface ApiRequestOptions extends RequestOptions {
  /** `$default` (HTTP APIs) or `prod` (REST APIs) by default. */
  readonly stage?: string
  /**
   * The route that the service found, such as `/orders/{id}`; `$default` (HTTP APIs) or `/{proxy+}` (REST APIs) by
   * default. HTTP APIs put the method before it, unless it has one of its own: `ANY /orders/{id}`.
   */
  readonly route?: string
  /** What the service found in the path; by default what the route says of it. */
  readonly pathParameters?: Readonly<Record<string, string>>
  readonly stageVariables?: Readonly<Record<string, string>>
  /** What an authorizer said, as the service puts it under `requestContext`. */
  readonly authorizer?: Readonly<Record<string, unknown>>
}

/** What was sent under a name, once for each time. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** A request with everything that was left out, as it reaches a service. */
export interface Sent extends Body {
  readonly method: string
  readonly path: string
  /** The query string, encoded. */
  readonly query: string
  /** With what every client and service adds, but for cookies. */
  readonly headers: Pairs
  /** `name=value` */
  readonly cookies: readonly string[]
  readonly ip: string
  readonly userAgent: string
  readonly host: string
}

const known = {
  method: 'string',
  path: 'string',
  query: 'any',
  headers: 'object',
  cookies: 'object',
  body: 'any',
  ip: 'string',
} as const
/** Beside those of every request. */
export const knownOfApis = {
  stage: 'string',
  route: 'string',
  pathParameters: 'object',
  stageVariables: 'object',
  authorizer: 'object',
} as const

/** @throws TypeError on an unknown option, and on what no client can send */
export const sent = (
  where: string,
  options: RequestOptions,
  defaultHost: string,
  more: Parameters<typeof checkOptions>[2] = {},
): Sent => {
  checkOptions(where, options, { ...known, ...more })
  const { headers = {}, cookies = {}, ip = '192.0.2.1' } = options
  const body = bodyOf(options.body)
  const given = Object.entries(headers).flatMap(([name, values]) => each(values).map((value) => [name, value] as const))
  const first = (name: string) => given.find(([other]) => other.toLowerCase() === name)?.[1]
  const host = first('host') ?? defaultHost
  const userAgent = first('user-agent') ?? 'fnware-testing'
  // A service appends the address to what a client claims.
  const claimed = valuesOf(given, 'x-forwarded-for')
  const added = {
    Accept: '*/*',
    Host: host,
    'User-Agent': userAgent,
    ...(body.type && { 'Content-Type': body.type }),
    'X-Forwarded-For': [...claimed, ip].join(', '),
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  }
  const kept = given.filter(([name]) => !['cookie', 'x-forwarded-for'].includes(name.toLowerCase()))
  return {
    ...body,
    type: first('content-type') ?? body.type,
    method: options.method ?? (body.bytes ? 'POST' : 'GET'),
    path: pathOf(where, options.path),
    query: queryOf(where, options.query),
    headers: [...kept, ...Object.entries(added).filter(([name]) => valuesOf(kept, name.toLowerCase()).length === 0)],
    cookies: [
      ...valuesOf(given, 'cookie').flatMap((line) => line.split(/; */)),
      ...Object.entries(cookies).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    ],
    ip,
    userAgent,
    host,
  }
}

const each = (values: string | readonly string[]) => (typeof values === 'string' ? [values] : values)

/** @param name in lower case */
export const valuesOf = (pairs: Pairs, name: string): string[] =>
  pairs.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value)

const pathOf = (where: string, path = '/') => {
  if (!path.startsWith('/') || /[?#]/.test(path))
    throw new TypeError(
      `${where}: \`path\` begins with a slash, and the query goes to \`query\`: ${JSON.stringify(path)}`,
    )
  if (/%(?![\da-f]{2})/i.test(path))
    throw new TypeError(`${where}: \`path\` is percent-encoded, so that a % is %25: ${JSON.stringify(path)}`)
  return path.replaceAll(/[^!-~]+/gu, encodeURIComponent)
}

const queryOf = (where: string, query: RequestOptions['query'] = {}) => {
  if (typeof query === 'string') {
    if (/[?#\s]/.test(query.slice(0, 1)) || /[#\s]/.test(query))
      throw new TypeError(`${where}: \`query\`, as text, is what stands behind the question mark, percent-encoded`)
    return query
  }
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw new TypeError(`${where}: \`query\` must be an object or the query string`)
  return Object.entries(query)
    .flatMap(([name, values]) =>
      each(values).map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    )
    .join('&')
}
