import { checkOptions } from '@fnware/core/extend'

/** An HTTP request, said once for every service. */
export interface RequestOptions {
  /** `GET` by default; `POST` where there is a body. */
  readonly method?: string
  /** Percent-encoded, as in a URL; `/` by default. */
  readonly path?: string
  /** Decoded; several values of one name as an array. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: Readonly<Record<string, string>>
  /** Text goes as it is, bytes in base64, anything else as JSON with its content type. */
  readonly body?: unknown
  /** The client's address; 192.0.2.1 by default. */
  readonly ip?: string
  /** The API's stage: `$default` (HTTP APIs) or `prod` (REST APIs) by default. */
  readonly stage?: string
  /** What the service found in the path. */
  readonly pathParameters?: Readonly<Record<string, string>>
  /** The route that the service found, such as `/orders/{id}`. */
  readonly route?: string
}

/** A request with everything that was left out. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
  /** With `host`, `user-agent` and what a service adds; names as they were given. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly cookies: readonly string[]
  readonly body: string | undefined
  readonly isBase64Encoded: boolean
  readonly ip: string
}

/** @throws TypeError on an unknown option */
export const sent = (where: string, options: RequestOptions, host: string): Sent => {
  checkOptions(where, options, {
    method: 'string',
    path: 'string',
    query: 'object',
    headers: 'object',
    cookies: 'object',
    body: 'any',
    ip: 'string',
    stage: 'string',
    pathParameters: 'object',
    route: 'string',
  })
  const { path = '/', query = {}, headers = {}, cookies = {}, body, ip = '192.0.2.1' } = options
  if (!path.startsWith('/') || path.includes('?'))
    throw new TypeError(
      `${where}: \`path\` begins with a slash, and the query goes to \`query\`: ${JSON.stringify(path)}`,
    )
  const bytes = body instanceof Uint8Array
  const json = body !== undefined && typeof body !== 'string' && !bytes
  const given = Object.entries(headers)
  const names = new Set(given.map(([name]) => name.toLowerCase()))
  const added = Object.entries({
    host,
    'user-agent': 'fnware-testing',
    ...(json && { 'content-type': 'application/json' }),
    'x-forwarded-for': names.has('x-forwarded-for') ? '' : ip,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  }).filter(([name]) => !names.has(name))
  return {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    path,
    query: Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const)),
    // A service appends the address to what a client claims.
    headers: [
      ...given.map(
        ([name, value]) =>
          (name.toLowerCase() === 'x-forwarded-for' ? [name, `${value}, ${ip}`] : [name, value]) as [string, string],
      ),
      ...added,
    ],
    cookies: Object.entries(cookies).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    body:
      body === undefined
        ? undefined
        : bytes
          ? Buffer.from(body).toString('base64')
          : json
            ? JSON.stringify(body)
            : (body as string),
    isBase64Encoded: bytes,
    ip,
  }
}

/** The last value of each name. */
export const single = (pairs: Sent['query']): Record<string, string> => Object.fromEntries(pairs)

/** All values of each name. */
export const several = (pairs: Sent['query']): Record<string, string[]> => {
  const all = new Map<string, string[]>()
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value])
  return Object.fromEntries(all)
}
