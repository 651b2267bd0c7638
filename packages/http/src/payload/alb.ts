import type { AlbEvent } from '../event.ts'
import { phrase } from '../status.ts'
import { headers, query } from './multi-value.ts'
import type { Payload } from './payload.ts'
import { result } from './result.ts'

/** Application Load Balancers. */
export const alb: Payload<AlbEvent> = {
  is: ({ httpMethod, requestContext }) => typeof httpMethod === 'string' && typeof requestContext?.elb === 'object',
  method: ({ httpMethod }) => httpMethod,
  path: ({ path }) => path,
  // A load balancer leaves the query string encoded, unlike API Gateway.
  query: (event) => query(event).map(([name, value]) => [decoded(name), decoded(value)]),
  params: () => null,
  headers,
  limit: () => Infinity,
  result: (answer, { multiValueHeaders }) => {
    const { headers, ...rest } = result(answer)
    const answered = { ...rest, statusDescription: `${answer.status} ${phrase(answer.status)}` }
    if (!multiValueHeaders) return { ...answered, headers: { ...headers, ...oneNameEach(answer.cookies) } }
    const several = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, [value]]))
    if (answer.cookies.length > 0) several['set-cookie'] = answer.cookies
    return { ...answered, multiValueHeaders: several }
  },
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Without multi-value headers a name can stand only once: each cookie gets its own spelling of `set-cookie`. */
const oneNameEach = (cookies: readonly string[]) =>
  Object.fromEntries(
    cookies.map((cookie, i) => [
      'set-cookie'.replace(/[a-z]/g, (letter, at: number) =>
        i & (1 << (at > 3 ? at - 1 : at)) ? letter.toUpperCase() : letter,
      ),
      cookie,
    ]),
  )
