import type { Answer } from './answer.ts'
import { isReply } from './reply.ts'
import { checkHeader, type Head } from './response.ts'
import { checkStatus } from './status.ts'
import { unwritable } from './unwritable.ts'

/** Makes an answer of what a handler or a middleware gave. A promise only for a Web `Response`, whose body must be read. */
export const respond = (output: unknown, head: Head): Answer | Promise<Answer> => {
  if (isWebResponse(output)) return fromWebResponse(output, head)
  const { status, body, headers } = isReply(output)
    ? output
    : { status: head.status ?? (output === undefined ? 204 : 200), body: output, headers: {} }
  const own: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(headers)) own[name.toLowerCase()] = value
  const type = own['content-type'] ?? head.get('content-type')
  if (body === undefined) return answer(head, status, undefined, own)
  const typed = (otherwise: string) => ({ 'content-type': type ?? otherwise, ...own })
  if (ArrayBuffer.isView(body)) return answer(head, status, bytesOf(body), typed('application/octet-stream'))
  if (body instanceof ArrayBuffer) return answer(head, status, new Uint8Array(body), typed('application/octet-stream'))
  const isText = typeof body === 'string' && type !== undefined && !/[/+]json\b/i.test(String(type))
  return answer(head, status, isText ? body : json(body), typed('application/json'))
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)

/** A body in JSON. @throws TypeError that says where the fault lies */
export const json = (value: unknown): string => {
  // What JSON makes an empty object of was meant otherwise.
  const [, kind] = /^\[object (Promise|Map|Set|Blob|File|FormData|ReadableStream|Headers)\]$/.exec(tagOf(value)) ?? []
  if (kind)
    throw new TypeError(
      `the result cannot be written as JSON: it is a ${kind}${kind === 'Promise' ? ': await it' : ''}`,
    )
  let text: string | undefined
  let cause: unknown
  try {
    text = JSON.stringify(value)
  } catch (error) {
    cause = error
  }
  if (text === undefined)
    throw new TypeError(`the result cannot be written as JSON: ${unwritable(value, cause)}`, { cause })
  return text
}

/** By its tag: to name the class would load all of undici, which costs 38 ms. */
const isWebResponse = (value: unknown): value is globalThis.Response => tagOf(value) === '[object Response]'

const tagOf = (value: unknown) => Object.prototype.toString.call(value)

const fromWebResponse = async (response: globalThis.Response, head: Head): Promise<Answer> => {
  checkStatus('a Response', response.status)
  const headers: Record<string, string | readonly string[]> = {}
  for (const [name, value] of response.headers) if (name !== 'set-cookie' && !hopByHop.has(name)) headers[name] = value
  // One that was fetched has been decoded already.
  if (response.url) delete headers['content-encoding']
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  if (!response.body) return answer(head, response.status, undefined, headers)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const isText = !headers['content-encoding'] && textual.test(String(headers['content-type'] ?? ''))
  return answer(head, response.status, isText ? Buffer.from(bytes).toString('utf8') : bytes, headers)
}
/** What is between two hops, and the length of a body that may be another by now. */
const hopByHop = new Set(
  'connection content-length keep-alive proxy-authenticate te trailer transfer-encoding upgrade'.split(' '),
)
const textual =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|x-www-form-urlencoded)\b)(?!.*charset=(?!["']?utf-8))/i

/** A reply's own headers come before the head's, but for `vary`: a cache must know all of it. */
const joined = (name: string, before: string | undefined, own: string) =>
  name === 'vary' && before !== undefined ? `${before}, ${own}` : own

/** Joins the head's headers and the reply's own, which come first. */
export const answer = (
  head: Head,
  status: number,
  body: string | Uint8Array | undefined,
  own: Readonly<Record<string, string | readonly string[]>> = {},
): Answer => {
  const headers: Record<string, string> = { ...head.values }
  const cookies = [...(head.cookies ?? [])]
  for (const [name, value] of Object.entries(own)) {
    for (const one of typeof value === 'string' ? [value] : value) checkHeader(name, one)
    if (name === 'set-cookie') cookies.push(...[value].flat())
    else headers[name] = joined(name, headers[name], typeof value === 'string' ? value : value.join(', '))
  }
  const bodiless = status === 204 || status === 304
  if (bodiless) delete headers['content-type']
  return { status, headers, cookies, body: bodiless ? undefined : body }
}
