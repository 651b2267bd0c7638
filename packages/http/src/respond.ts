import type { Invocation } from '@fnware/core'
import { type Answer, answer } from './answer.ts'
import { tagOf } from './json.ts'
import { isReply } from './reply.ts'
import type { Head } from './response.ts'
import { checkStatus } from './status.ts'

/** Makes an answer of what a handler or a middleware gave. A promise only for a Web `Response`, whose body must be read. */
export const respond = (output: unknown, head: Head, ctx: Invocation): Answer | Promise<Answer> => {
  // By its tag: to name the class would load all of undici, which costs 38 ms.
  if (tagOf(output) === '[object Response]') return fromWeb(output as globalThis.Response, head, ctx.signal)
  if (isReply(output)) return answer(head, output.status, output.body, output.headers)
  return answer(head, head.status ?? (output === undefined ? 204 : 200), output)
}

const fromWeb = async (response: globalThis.Response, head: Head, signal: AbortSignal): Promise<Answer> => {
  const { status, body } = response
  checkStatus('a Response', status)
  const headers: Record<string, string | readonly string[]> = {}
  for (const [name, value] of response.headers) if (!notTaken.test(name)) headers[name] = value
  // One that was fetched has been decoded already.
  if (response.url) delete headers['content-encoding']
  headers['set-cookie'] = response.headers.getSetCookie()
  if (response.bodyUsed) throw new TypeError('the Response has been read already')
  const bytes = body ? await collected(body, signal) : undefined
  const answered = answer(head, status, bytes, headers)
  const isText = bytes && !headers['content-encoding'] && textual.test(`${headers['content-type']}`)
  return isText && answered.body ? { ...answered, body: bytes.toString() } : answered
}

/** Not arrayBuffer(): nothing would end a body that does not end. */
const collected = async (body: ReadableStream<Uint8Array>, signal: AbortSignal) => {
  const chunks: Uint8Array[] = []
  let left = 6 * 2 ** 20
  const write = (chunk: Uint8Array) => {
    if (!ArrayBuffer.isView(chunk)) throw new TypeError(`a Response gives bytes, not a ${typeof chunk}`)
    if ((left -= chunk.length) < 0) throw new TypeError('a Response of more than 6 MiB, which is all that Lambda takes')
    chunks.push(chunk)
  }
  await body.pipeTo(new WritableStream({ write }), { signal })
  return Buffer.concat(chunks)
}

/** What is between two hops, the length of a body that may be another by now, and cookies, which are kept apart. */
const notTaken =
  /^(connection|content-length|keep-alive|proxy-authenticate|te|trailer|transfer-encoding|upgrade|set-cookie)$/

const textual =
  /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|x-www-form-urlencoded)\b)(?!.*charset=(?!["']?utf-8))/i
