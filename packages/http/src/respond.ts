import type { Answer } from './answer.ts'
import { isReply, type Reply } from './reply.ts'
import { checkHeader, type Head } from './response.ts'
import { unwritable } from './unwritable.ts'

/** Makes an answer of what a handler or a middleware gave. A promise only for a Web `Response`, whose body must be read. */
export const respond = (output: unknown, head: Head): Answer | Promise<Answer> => {
  if (isReply(output)) return fromReply(output, head)
  if (isWebResponse(output)) return fromWebResponse(output, head)
  if (output === undefined) return answer(head, head.status ?? 204, undefined)
  const status = head.status ?? 200
  return output instanceof Uint8Array ? bytes(head, status, output) : answer(head, status, json(output), asJson)
}
const asJson = { 'content-type': 'application/json' }

const fromReply = ({ status, body, headers }: Reply, head: Head) => {
  const given = Object.entries(headers)
  const type = given.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? head.get('content-type')
  const own: Record<string, string | readonly string[]> = {}
  for (const [name, value] of given) own[name.toLowerCase()] = value
  if (body === undefined) return answer(head, status, undefined, own)
  if (body instanceof Uint8Array) return bytes(head, status, body, own)
  if (typeof body === 'string' && typeof type === 'string' && !/[/+]json\b/i.test(type))
    return answer(head, status, body, own)
  return answer(head, status, json(body), type ? own : { ...asJson, ...own })
}

const bytes = (head: Head, status: number, body: Uint8Array, own: Reply['headers'] = {}) => {
  const type = head.get('content-type') ?? 'application/octet-stream'
  return answer(head, status, body, { 'content-type': type, ...own })
}

/** A body in JSON. @throws TypeError that says where the fault lies */
export const json = (value: unknown): string => {
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
const isWebResponse = (value: unknown): value is globalThis.Response =>
  Object.prototype.toString.call(value) === '[object Response]'

const fromWebResponse = async (response: globalThis.Response, head: Head): Promise<Answer> => {
  const headers: Record<string, string | readonly string[]> = {}
  for (const [name, value] of response.headers) if (name !== 'set-cookie') headers[name] = value
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  if (!response.body) return answer(head, response.status, undefined, headers)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const isText = !headers['content-encoding'] && textual.test(String(headers['content-type'] ?? ''))
  return answer(head, response.status, isText ? Buffer.from(bytes).toString('utf8') : bytes, headers)
}
const textual =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|x-www-form-urlencoded)\b)(?!.*charset=(?!["']?utf-8))/i

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
    else headers[name] = typeof value === 'string' ? value : value.join(', ')
  }
  const bodiless = status === 204 || status === 304
  if (bodiless) delete headers['content-type']
  return { status, headers, cookies, body: bodiless ? undefined : body }
}
