import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { ServiceError } from './service-error.ts'

// Signature Version 4, from the side that checks it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A request as it came. */
export interface Signed {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Expected {
  readonly credentials: Credentials
  readonly service: string
  readonly region: string
  /** ms since the epoch. */
  readonly now: number
}

/** @throws ServiceError in AWS's words where a request is not signed as it must be */
export const verify = ({ method, url, headers, body }: Signed, expected: Expected): void => {
  const { authorization } = headers
  if (!authorization) throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    authorization,
  )
  if (!parts)
    throw new ServiceError(
      'IncompleteSignatureException',
      `Authorization header requires existence of the parts of SigV4. Authorization=${authorization.slice(0, 16)}`,
    )
  const [, credential = '', signedHeaders = '', signature = ''] = parts
  const names = signedHeaders.split(';')
  for (const needed of ['host', 'x-amz-date', ...(headers['x-amz-security-token'] ? ['x-amz-security-token'] : [])])
    if (!names.includes(needed)) throw mismatch(`'${needed}' must be a 'SignedHeader' in the AWS Authorization.`)
  const date = `${headers['x-amz-date']}`
  checkScope(credential, date, expected)
  checkToken(headers['x-amz-security-token'] as string | undefined, expected.credentials)
  const age = expected.now - at(date)
  if (!(Math.abs(age) <= 300_000))
    throw mismatch(
      age > 0
        ? `Signature expired: ${date} is now earlier than the time allowed`
        : `Signature not yet current: ${date} is still later than the time allowed`,
    )
  const hash = sha256(body)
  const claimed = headers['x-amz-content-sha256']
  if (claimed !== undefined && claimed !== hash) throw mismatch('The payload is not the one that was signed.')
  const [path = '/', query = ''] = url.split('?', 2)
  const canonicalHeaders = names
    .map((name) => `${name}:${`${headers[name] ?? ''}`.trim().replaceAll(/ +/g, ' ')}\n`)
    .join('')
  check([method, path, sorted(query), canonicalHeaders, signedHeaders, hash], { credential, date, signature }, expected)
}

export interface Presigned extends Omit<Expected, 'now'> {
  /** ms since the epoch; the present by default. */
  readonly now?: number
}

/** @throws ServiceError where a presigned URL, such as a token for RDS with `https://` before it, is forged or has expired */
export const verifyPresigned = (url: string, { now = Date.now(), ...rest }: Presigned): void => {
  const expected = { ...rest, now }
  const { host, pathname, search, searchParams } = new URL(url)
  const of = (name: string) => searchParams.get(`X-Amz-${name}`) ?? ''
  const [credential, date, signature] = [of('Credential'), of('Date'), of('Signature')]
  checkScope(credential, date, expected)
  checkToken(searchParams.get('X-Amz-Security-Token') ?? undefined, expected.credentials)
  const left = at(date) + Number(of('Expires')) * 1000 - now
  if (!(left > 0)) throw new ServiceError('ExpiredTokenException', `The token expired at ${date} + ${of('Expires')} s`)
  if (now < at(date) - 300_000) throw mismatch(`Signature not yet current: ${date}`)
  const query = search
    .slice(1)
    .split('&')
    .filter((pair) => !pair.startsWith('X-Amz-Signature='))
    .join('&')
  const request = ['GET', pathname, sorted(query), `host:${host}\n`, of('SignedHeaders'), sha256('')]
  check(request, { credential, date, signature }, expected)
}

interface Signature {
  /** The key's id and the scope. */
  readonly credential: string
  readonly date: string
  readonly signature: string
}

const check = (request: readonly string[], { credential, date, signature }: Signature, { credentials }: Expected) => {
  const scope = credential.split('/').slice(1)
  const key = scope.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${credentials.secretAccessKey}`))
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(request.join('\n'))].join('\n')
  if (!timingSafeEqual(hmac(key, text), Buffer.from(signature.padEnd(64, '0').slice(0, 64), 'hex')))
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
}

const checkScope = (credential: string, date: string, { credentials, service, region }: Expected) => {
  const [id, day, scopedRegion, scopedService, end] = credential.split('/')
  if (id !== credentials.accessKeyId) throw invalidToken()
  if (scopedService !== service) throw mismatch(`Credential should be scoped to correct service: '${service}'.`)
  if (scopedRegion !== region) throw mismatch(`Credential should be scoped to a valid region, not '${scopedRegion}'.`)
  if (end !== 'aws4_request' || day !== date.slice(0, 8))
    throw mismatch(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: it must be the request's",
    )
}

const checkToken = (token: string | undefined, { sessionToken }: Credentials) => {
  if (token === sessionToken) return
  if (token?.startsWith('expired'))
    throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired')
  throw invalidToken()
}

const invalidToken = () =>
  new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.')
const mismatch = (message: string) => new ServiceError('InvalidSignatureException', message)

/** `20261124T150000Z`, in ms since the epoch. */
const at = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

const sorted = (query: string) =>
  query
    .split('&')
    .filter(Boolean)
    .sort()
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .join('&')
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest()
