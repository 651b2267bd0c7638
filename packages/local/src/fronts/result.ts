import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isPlainObject } from '../check.ts'

/** What goes to the client. */
export interface HttpResponse {
  readonly statusCode: number
  /** The words after the status, where the service lets a function choose them. */
  readonly statusMessage?: string
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
}

/** A function's result that is no HTTP response. */
export class BadResponse extends Error {}

/** What the server itself decides: no service takes the word of a function for it. */
const ours = new Set(
  'connection content-length keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
)

/** @throws {BadResponse} when it is no JSON */
export function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    throw new BadResponse('it is not JSON: a streamed response needs a front that streams')
  }
}

export function readStatus(given: unknown): number {
  const status = typeof given === 'string' && /^\d{3}$/.test(given) ? Number(given) : given
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new BadResponse(`statusCode must be a number from 200 to 599, got ${JSON.stringify(given)}`)
}

/** Headers with one value each, as they are spelled, but for those that are not for a function to set. */
export function readHeaders(given: unknown): [name: string, value: string][] {
  if (given === undefined || given === null) return []
  if (!isPlainObject(given)) throw new BadResponse('headers must be an object')
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined || value === null) return []
    if (typeof value === 'object')
      throw new BadResponse(`header ${name} must be a text; several values of a header go elsewhere, cookies too`)
    return readHeader(name, value)
  })
}

/** Headers with a list of values each. */
export function readMultiValueHeaders(given: unknown): [name: string, value: string][] {
  if (given === undefined || given === null) return []
  if (!isPlainObject(given)) throw new BadResponse('multiValueHeaders must be an object')
  return Object.entries(given).flatMap(([name, values]) => {
    if (values === undefined || values === null) return []
    if (!Array.isArray(values)) throw new BadResponse(`multiValueHeaders.${name} must be a list of texts`)
    return values.flatMap((value) => {
      if (typeof value === 'object') throw new BadResponse(`multiValueHeaders.${name} must be a list of texts`)
      return readHeader(name, value)
    })
  })
}

function readHeader(name: string, value: unknown): [name: string, value: string][] {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, String(value))
  } catch {
    throw new BadResponse(`header ${JSON.stringify(name)} has characters that no header may have`)
  }
  return ours.has(name.toLowerCase()) ? [] : [[name, String(value)]]
}

export function readCookies(given: unknown): string[] {
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

/** @param decode whether base64 is decoded where the function says that it is such */
export function readBody(given: unknown, decode: boolean): Buffer {
  if (given === undefined || given === null) return Buffer.alloc(0)
  if (typeof given !== 'string')
    throw new BadResponse(`body must be a text, got ${Array.isArray(given) ? 'a list' : typeof given}`)
  return Buffer.from(given, decode ? 'base64' : 'utf8')
}

/** By lower-case names; of a name with one value, that value alone. */
export function byName(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const headers = Object.create(null) as Record<string, string | string[]>
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    headers[key] = headers[key] === undefined ? value : [headers[key], value].flat()
  }
  return headers
}

/** An answer of API Gateway's own. */
export const message = (statusCode: number, text: string): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ message: text })),
})
