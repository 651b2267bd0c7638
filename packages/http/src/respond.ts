import { type Answer, answer } from './answer.ts'
import { tagOf } from './json.ts'
import { isReply } from './reply.ts'
import type { Head } from './response.ts'
import { checkStatus } from './status.ts'

/** Makes an answer of what a handler or a middleware gave. A promise only for a Web `Response`, whose body must be read. */
export const respond = (output: unknown, head: Head): Answer | Promise<Answer> => {
  // By its tag: to name the class would load all of undici, which costs 38 ms.
  if (tagOf(output) === '[object Response]') return fromWeb(output as globalThis.Response, head)
  if (isReply(output)) return answer(head, output.status, output.body, output.headers)
  return answer(head, head.status ?? (output === undefined ? 204 : 200), output)
}

const fromWeb = async (response: globalThis.Response, head: Head): Promise<Answer> => {
  const { status, body } = response
  checkStatus('a Response', status)
  const headers: Record<string, string | readonly string[]> = {}
  for (const [name, value] of response.headers) if (!notTaken.test(name)) headers[name] = value
  // One that was fetched has been decoded already.
  if (response.url) delete headers['content-encoding']
  headers['set-cookie'] = response.headers.getSetCookie()
  const bytes = body ? Buffer.from(await response.arrayBuffer()) : undefined
  const answered = answer(head, status, bytes, headers)
  const isText = bytes && !headers['content-encoding'] && textual.test(`${headers['content-type']}`)
  return isText && answered.body ? { ...answered, body: bytes.toString() } : answered
}

/** What is between two hops, the length of a body that may be another by now, and cookies, which are kept apart. */
const notTaken =
  /^(connection|content-length|keep-alive|proxy-authenticate|te|trailer|transfer-encoding|upgrade|set-cookie)$/

const textual =
  /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|x-www-form-urlencoded)\b)(?!.*charset=(?!["']?utf-8))/i
