import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { InvokeError, invalidContent, requestTooLarge } from './failures.ts'
import { type Address, readFunctionName } from './function-name.ts'
import { decode } from './http-routes.ts'
import type { Invocation } from './invoke.ts'
import { tenantPattern } from './invoke-options.ts'

const paths =
  /^\/2015-03-31\/functions\/([^/]+)\/invocations$|^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations$/

/** Which operation of Lambda's API a request is, and of which function. */
export interface InvokeOperation {
  /** As in the path, decoded. */
  readonly name: string
  readonly qualifier: string | undefined
  readonly streaming: boolean
}

/** The function that a request would invoke; none when it is no request to Lambda's API. */
export function invokeOperation(request: IncomingMessage): InvokeOperation | undefined {
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s)
  const [, plain, streamed] = path.match(paths) ?? []
  const name = plain ?? streamed
  if (name === undefined) return undefined
  const qualifier = new URLSearchParams(query).get('Qualifier') ?? undefined
  return { name: decode(name), qualifier, streaming: plain === undefined }
}

export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun'

/** A request of the Invoke API, read and checked. */
export interface InvokeRequest {
  readonly address: Address
  readonly type: InvocationType
  readonly streaming: boolean
  readonly options: Invocation
}

/**
 * Refuses what a web page sends from elsewhere. Nobody signs here, and a form needs nobody's leave: any site that the
 * developer visits could invoke the functions.
 *
 * @throws {InvokeError} `AccessDeniedException`
 */
export function refuseOtherSites({ headers }: IncomingMessage): void {
  const { origin, host } = headers
  const own = origin === undefined || origin.replace(/^https?:\/\//, '') === host
  if (own && headers['sec-fetch-site'] !== 'cross-site') return
  const who = origin ?? 'another site'
  throw new InvokeError('AccessDeniedException', 403, `A page of ${who} is not authorized to invoke functions here.`)
}

/**
 * Reads all but the body.
 *
 * @throws {InvokeError} as Lambda refuses it
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readInvokeRequest(request: IncomingMessage, operation: InvokeOperation): InvokeRequest {
  const header = (name: string) => request.headers[name]?.toString() || undefined
  const address = readFunctionName(operation.name, operation.qualifier)
  const type = header('x-amz-invocation-type') ?? 'RequestResponse'
  const types = operation.streaming ? ['RequestResponse', 'DryRun'] : ['RequestResponse', 'Event', 'DryRun']
  mustBeOneOf('invocationType', type, types)
  const log = header('x-amz-log-type') ?? 'None'
  mustBeOneOf('logType', log, ['None', 'Tail'])
  mustBeJson(header('content-type'))
  const tenantId = header('x-amz-tenant-id')
  if (tenantId !== undefined && !tenantPattern.test(tenantId))
    throw invalid(`Value '${tenantId}' at 'tenantId' failed to satisfy constraint: [a-zA-Z0-9\\._:\\/=+\\-@ ]+`)
  const clientContext = readClientContext(header('x-amz-client-context'))
  const traceId = header('x-amzn-trace-id')
  return {
    address,
    type: type as InvocationType,
    streaming: operation.streaming,
    options: {
      qualifier: address.qualifier,
      tail: log === 'Tail' && type === 'RequestResponse',
      ...(clientContext === undefined ? {} : { clientContext }),
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(traceId === undefined ? {} : { traceId }),
    },
  }
}

/**
 * The event in a body: JSON, and `{}` when there is none.
 * @throws {InvokeError} when it is too large or no JSON
 */
export function readPayload(body: Buffer | 'tooLarge', limit: number): string {
  if (body === 'tooLarge' || body.length > limit) throw requestTooLarge(limit)
  if (body.length === 0) return '{}'
  const couldNot = 'Could not parse request body into json: Could not parse payload into json: '
  if (!isUtf8(body)) throw invalidContent(`${couldNot}Invalid UTF-8`)
  const text = body.toString()
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    throw invalidContent(couldNot + (error as Error).message)
  }
}

/** Clients send the event as bytes, or do not say what it is. */
function mustBeJson(contentType: string | undefined): void {
  if (contentType === undefined) return
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  if (/^application\/(.+\+)?json(-.+)?$|^application\/(x-amz-json-.+|octet-stream|x-www-form-urlencoded)$/.test(type))
    return
  throw new InvokeError('UnsupportedMediaTypeException', 415, `Unsupported Media Type: ${type}`)
}

function readClientContext(header: string | undefined): unknown {
  if (header === undefined) return undefined
  try {
    const context: unknown = JSON.parse(Buffer.from(header, 'base64').toString())
    if (typeof context === 'object' && context !== null && !Array.isArray(context)) return context
  } catch {}
  throw invalidContent('Client context must be a valid Base64-encoded JSON object.')
}

function mustBeOneOf(what: string, value: string, values: readonly string[]): void {
  if (values.includes(value)) return
  const allowed = values.join(', ')
  throw invalid(
    `Value '${value}' at '${what}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed}]`,
  )
}

const invalid = (what: string) => new InvokeError('ValidationException', 400, `1 validation error detected: ${what}`)
