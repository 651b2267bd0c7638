import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isPlainObject } from './check.ts'

/** What goes to the client. */
export interface HttpResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: Buffer
}

/** A function's result that is no HTTP response: API Gateway answers 500. */
export class BadResponse extends Error {}

/** What the front itself decides: API Gateway takes no word of a function for it. */
const ours = new Set(
  'connection content-length keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
)

/**
 * The response that a function's result stands for.
 *
 * @param payload the result as JSON
 * @throws {BadResponse} saying what is wrong with it
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpResponse(payload: string): HttpResponse {
  const result = parse(payload)
  if (!isPlainObject(result) || result.statusCode === undefined) {
    const body = Buffer.from(typeof result === 'string' ? result : payload)
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: [], body }
  }
  const headers = readHeaders(result.headers)
  headers['content-type'] ??= 'text/plain;charset=UTF-8'
  return {
    statusCode: readStatus(result.statusCode),
    headers,
    cookies: readCookies(result.cookies),
    body: readBody(result.body, result.isBase64Encoded),
  }
}

/** An answer of API Gateway's own. */
export function message(statusCode: number, text: string): HttpResponse {
  const body = Buffer.from(JSON.stringify({ message: text }))
  return { statusCode, headers: { 'content-type': 'application/json' }, cookies: [], body }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    throw new BadResponse('it is not JSON: an HTTP API takes no streamed response')
  }
}

function readStatus(given: unknown): number {
  const status = typeof given === 'string' && /^\d{3}$/.test(given) ? Number(given) : given
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new BadResponse(`statusCode must be a number from 200 to 599, got ${JSON.stringify(given)}`)
}

function readHeaders(given: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  if (given === undefined || given === null) return headers
  if (!isPlainObject(given)) throw new BadResponse('headers must be an object')
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue
    if (typeof value === 'object')
      throw new BadResponse(`header ${name} must be a text; several cookies go to \`cookies\``)
    try {
      validateHeaderName(name)
      validateHeaderValue(name, String(value))
    } catch {
      throw new BadResponse(`header ${JSON.stringify(name)} has characters that no header may have`)
    }
    if (!ours.has(name.toLowerCase())) headers[name.toLowerCase()] = String(value)
  }
  return headers
}

function readCookies(given: unknown): string[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given) || !given.every((cookie) => typeof cookie === 'string'))
    throw new BadResponse('cookies must be a list of texts')
  for (const cookie of given)
    try {
      validateHeaderValue('set-cookie', cookie)
    } catch {
      throw new BadResponse('a cookie has characters that no header may have')
    }
  return given
}

function readBody(given: unknown, isBase64Encoded: unknown): Buffer {
  if (given === undefined || given === null) return Buffer.alloc(0)
  if (typeof given !== 'string')
    throw new BadResponse(`body must be a text, got ${Array.isArray(given) ? 'a list' : typeof given}`)
  return Buffer.from(given, isBase64Encoded === true ? 'base64' : 'utf8')
}
