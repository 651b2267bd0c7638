import { timingSafeEqual } from 'node:crypto'
import { AwsError } from './aws-error.ts'
import {
  algorithm,
  canonicalRequest,
  headerValue,
  type Scope,
  type SignedRequest,
  sha256,
  signature,
  split,
  terminator,
} from './canonical.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** ms since the epoch, from when on AWS calls them expired. Never by default. */
  readonly expiresAt?: number
}

export interface Presigned {
  /** Those that are known. */
  readonly credentials: Credentials | readonly Credentials[]
  /** As in the scope: `secretsmanager`. */
  readonly service: string
  /** Any by default. */
  readonly region?: string
  /** ms since the epoch; the present by default. */
  readonly now?: number
}

export interface Verified {
  readonly credentials: Credentials
  readonly region: string
  /** When it was signed. */
  readonly time: Date
}

const minutes = 60_000
const skew = 5 * minutes

/**
 * Verifies the `Authorization` header of a request in full.
 *
 * @throws {AwsError} In AWS's words, with AWS's code.
 */
export function verify(request: SignedRequest, expected: Presigned): Verified {
  const authorization = headerValue(request, 'authorization')
  if (authorization === undefined)
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const fields = authorizationFields(authorization)
  const stamp = headerValue(request, 'x-amz-date')
  if (stamp === undefined) {
    throw incomplete(`Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`)
  }
  const time = timeOf(stamp)
  const signedHeaders = namesOf(fields.SignedHeaders)
  demandSigned(request, signedHeaders)
  const { scope, credentials } = scopeOf(fields.Credential, stamp, expected)
  checkToken(credentials, headerValue(request, 'x-amz-security-token'), expected.now)
  checkClock(time, new Date(expected.now ?? Date.now()))
  compare(
    signature(canonicalRequest(request, signedHeaders), scope, stamp, credentials.secretAccessKey),
    fields.Signature,
  )
  return { credentials, region: scope.region, time }
}

/** A presigned request, such as the IAM token of RDS: `host:port/?Action=connect&DBUser=…&X-Amz-Signature=…`. */
export interface VerifiedUrl extends Verified {
  readonly host: string
  readonly parameters: URLSearchParams
  /** When it expires. */
  readonly expires: Date
}

/**
 * Verifies the signature in the query string of a GET request, and its expiry. The scheme may be missing, as in an RDS token.
 *
 * @throws {AwsError}
 */
export function verifyPresigned(url: string, expected: Presigned): VerifiedUrl {
  const [host, rest] = partsOf(url)
  const parameters = new URLSearchParams(split(rest, '?')[1] ?? '')
  const get = (name: string): string => {
    const values = parameters.getAll(name)
    if (values.length !== 1)
      throw incomplete(
        `AWS query-string parameters must include '${name}' once. Re-examine the query-string parameters.`,
      )
    return values[0] as string
  }
  if (get('X-Amz-Algorithm') !== algorithm)
    throw incomplete(`Unsupported AWS 'algorithm': '${get('X-Amz-Algorithm')}'.`)
  const stamp = get('X-Amz-Date')
  const time = timeOf(stamp)
  const seconds = Number(get('X-Amz-Expires'))
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 604_800) {
    throw incomplete('X-Amz-Expires must be between 1 and 604800 seconds.')
  }
  const signedHeaders = namesOf(get('X-Amz-SignedHeaders'))
  const request: SignedRequest = { method: 'GET', url: rest, headers: [['host', host]] }
  demandSigned(request, signedHeaders)
  const { scope, credentials } = scopeOf(get('X-Amz-Credential'), stamp, expected)
  checkToken(credentials, parameters.get('X-Amz-Security-Token') ?? undefined, expected.now)
  const now = new Date(expected.now ?? Date.now())
  const expires = new Date(time.getTime() + seconds * 1000)
  if (time.getTime() > now.getTime() + skew) throw notYetCurrent(time, now)
  if (now > expires)
    throw new AwsError(
      'InvalidSignatureException',
      `Signature expired: ${stampOf(expires)} is now earlier than ${stampOf(now)}`,
    )
  const canonical = canonicalRequest(request, signedHeaders, 'X-Amz-Signature')
  compare(signature(canonical, scope, stamp, credentials.secretAccessKey), get('X-Amz-Signature'))
  return { credentials, region: scope.region, time, expires, host, parameters }
}

function partsOf(url: string): [host: string, rest: string] {
  const bare = url.replace(/^https?:\/\//, '')
  const end = bare.search(/[/?]/)
  if (end < 1) throw incomplete('This is no presigned request: it has no host, or no query string.')
  const rest = bare.slice(end)
  return [bare.slice(0, end), rest.startsWith('/') ? rest : `/${rest}`]
}

type Fields = Record<'Credential' | 'SignedHeaders' | 'Signature', string>

function authorizationFields(authorization: string): Fields {
  const [kind, rest = ''] = split(authorization, ' ')
  if (kind !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${kind}'.`)
  const fields = Object.fromEntries(rest.split(',').map((field) => split(field.trim(), '='))) as Fields
  const missing = (['Credential', 'Signature', 'SignedHeaders'] as const).filter((name) => !fields[name])
  if (missing.length > 0) {
    const said = missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ')
    throw incomplete(`${said} (Hashed with SHA-256 and encoded with Base64) Authorization=${sha256(authorization)}`)
  }
  return fields
}

function namesOf(signedHeaders: string): string[] {
  const names = signedHeaders.split(';')
  if (names.join(';') !== [...new Set(names)].sort().join(';').toLowerCase()) {
    throw invalid('SignedHeaders must be lower-case, sorted, and without repetition.')
  }
  return names
}

/** What is not signed could be changed by anybody on the way: AWS wants the host and every x-amz header signed. */
function demandSigned(request: SignedRequest, signedHeaders: readonly string[]): void {
  if (!signedHeaders.includes('host')) {
    throw invalid(`'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`)
  }
  for (const name of signedHeaders) {
    if (headerValue(request, name) === undefined)
      throw invalid(`The signed header '${name}' is missing from the request.`)
  }
  for (const [name] of request.headers) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-') && !signedHeaders.includes(lower)) {
      throw invalid(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`)
    }
  }
}

function scopeOf(credential: string, stamp: string, expected: Presigned): { scope: Scope; credentials: Credentials } {
  const [accessKeyId, date = '', region = '', service = '', end = '', ...more] = credential.split('/')
  if (!end || more.length > 0) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    )
  }
  if (end !== terminator)
    throw invalid(`Credential should be scoped with a valid terminator: '${terminator}', not '${end}'.`)
  if (service !== expected.service)
    throw invalid(`Credential should be scoped to correct service: '${expected.service}'. `)
  if (expected.region && region !== expected.region) throw invalid('Credential should be scoped to a valid region. ')
  if (date !== stamp.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${stamp.slice(0, 8)}', from '${stamp}'.`,
    )
  }
  const known = [expected.credentials].flat() as readonly Credentials[]
  const credentials = known.find((each) => each.accessKeyId === accessKeyId)
  if (!credentials) throw unrecognized()
  return { scope: { date, region, service }, credentials }
}

/** A token that begins with `expired` counts as one that was good once. */
function checkToken({ sessionToken, expiresAt }: Credentials, given: string | undefined, now = Date.now()): void {
  const known = given === sessionToken
  if (known ? expiresAt !== undefined && now >= expiresAt : given?.startsWith('expired')) {
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired')
  }
  if (!known) throw unrecognized()
}

function checkClock(time: Date, now: Date): void {
  const earliest = new Date(now.getTime() - skew)
  if (time < earliest) {
    throw invalid(
      `Signature expired: ${stampOf(time)} is now earlier than ${stampOf(earliest)} (${stampOf(now)} - 5 min.)`,
    )
  }
  if (time.getTime() > now.getTime() + skew) throw notYetCurrent(time, now)
}

function compare(calculated: string, given: string): void {
  const [ours, theirs] = [Buffer.from(calculated), Buffer.from(given)]
  if (ours.length === theirs.length && timingSafeEqual(ours, theirs)) return
  throw invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}

function timeOf(stamp: string): Date {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? []
  const time = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  if (Number.isNaN(time.getTime())) throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${stamp}'.`)
  return time
}

const stampOf = (time: Date): string => time.toISOString().replace(/[-:]|\.\d+/g, '')

const invalid = (message: string): AwsError => new AwsError('InvalidSignatureException', message)
const incomplete = (message: string): AwsError => new AwsError('IncompleteSignatureException', message)
const unrecognized = (): AwsError =>
  new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.')
const notYetCurrent = (time: Date, now: Date): AwsError =>
  invalid(
    `Signature not yet current: ${stampOf(time)} is still later than ${stampOf(new Date(now.getTime() + skew))} (${stampOf(now)} + 5 min.)`,
  )
