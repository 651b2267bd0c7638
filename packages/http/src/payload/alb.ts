import { encoded } from '../answer.ts'
import type { AlbEvent } from '../event.ts'
import { hops } from '../forwarded.ts'
import { phrase } from '../status.ts'
import { cookiePairs, joined } from './headers.ts'
import type { Payload } from './payload.ts'

/** Application Load Balancers. */
export const alb: Payload<AlbEvent> = {
  is: ({ httpMethod, requestContext }) => typeof httpMethod === 'string' && typeof requestContext?.elb === 'object',
  method: ({ httpMethod }) => httpMethod,
  path: ({ path }) => path,
  // A load balancer leaves the query string encoded, unlike API Gateway.
  query: function* ({ multiValueQueryStringParameters: several, queryStringParameters: single }) {
    for (const [name, values] of Object.entries(several ?? {}))
      for (const value of values ?? []) yield [decoded(name), decoded(value)]
    if (!several) for (const [name, value] of Object.entries(single ?? {})) yield [decoded(name), decoded(value ?? '')]
  },
  params: () => ({}),
  headers: joined,
  cookies: (event) => cookiePairs(joined(event).cookie),
  peer: (event) => hops(joined(event)['x-forwarded-for']).at(-1),
  limit: () => Infinity,
  result: (answer, { multiValueHeaders }) => ({
    statusCode: answer.status,
    statusDescription: `${answer.status} ${phrase(answer.status)}`,
    ...(multiValueHeaders
      ? {
          multiValueHeaders: {
            ...Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, [value]])),
            ...(answer.cookies.length > 0 && { 'set-cookie': [...answer.cookies] }),
          },
        }
      : { headers: { ...answer.headers, ...oneNameEach(answer.cookies) } }),
    ...encoded(answer),
  }),
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
