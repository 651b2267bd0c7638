import type { Credentials } from './credentials.ts'

/** What a signature is for. */
export interface Scope {
  /** The name that the service signs by, such as `secretsmanager` or `rds-db`. */
  readonly service: string
  readonly region: string
  readonly at: Date
}

export interface Signable {
  readonly method: string
  readonly path: string
  /** By lower-case names, `host` among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The headers with which a request is sent: its own and those that sign it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const signed = (request: Signable, credentials: Credentials, scope: Scope): Record<string, string> => {
  const { accessKeyId, sessionToken } = credentials
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': longDate(scope.at) }
  if (sessionToken) headers['x-amz-security-token'] = sessionToken
  const names = Object.keys(headers).sort()
  const signature = signatureOf({ ...request, query: '', headers, names }, credentials, scope)
  headers.authorization = `${algorithm} Credential=${accessKeyId}/${scopeOf(scope)}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return headers
}

export interface PresignOptions extends Scope {
  /** With its port where that is not the protocol's own. */
  readonly host: string
  readonly query: Readonly<Record<string, string>>
  /** Seconds that it is good for. */
  readonly expires: number
}

/** A signed GET of `/`, as `host/?query`, its parameters in order. */
export const presigned = (options: PresignOptions, credentials: Credentials): string => {
  const { host, expires, at } = options
  const { accessKeyId, sessionToken } = credentials
  const parameters: Record<string, string> = {
    ...options.query,
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${accessKeyId}/${scopeOf(options)}`,
    'X-Amz-Date': longDate(at),
    'X-Amz-Expires': String(expires),
    'X-Amz-SignedHeaders': 'host',
    ...(sessionToken && { 'X-Amz-Security-Token': sessionToken }),
  }
  const query = ordered(parameters)
  const request = { method: 'GET', path: '/', query, headers: { host }, names: ['host'], body: '' }
  const signature = signatureOf(request, credentials, options)
  return `${host}/?${ordered({ ...parameters, 'X-Amz-Signature': signature })}`
}

interface Canonical extends Signable {
  readonly query: string
  readonly names: readonly string[]
}

const signatureOf = (request: Canonical, { secretAccessKey }: Credentials, scope: Scope): string => {
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto')
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const { method, path, query, headers, names, body } = request
  const lines = names.map((name) => `${name}:${headers[name]?.trim().replace(/\s+/g, ' ')}\n`).join('')
  const canonical = [method, path, query, lines, names.join(';'), hash(body)].join('\n')
  const text = [algorithm, longDate(scope.at), scopeOf(scope), hash(canonical)].join('\n')
  const key = scopeOf(scope).split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(key, text).toString('hex')
}

const algorithm = 'AWS4-HMAC-SHA256'

const longDate = (at: Date) => at.toISOString().replace(/[-:]|\.\d+/g, '')

const scopeOf = ({ service, region, at }: Scope) => `${longDate(at).slice(0, 8)}/${region}/${service}/aws4_request`

/** By the names alone: joined to its value first, `X=` would come after `X-Amz-Date=`. */
const ordered = (parameters: Readonly<Record<string, string>>) =>
  Object.entries(parameters)
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')

/** RFC 3986's, which escapes more than encodeURIComponent() does. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
