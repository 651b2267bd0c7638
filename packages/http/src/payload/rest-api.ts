import { encoded } from '../answer.ts'
import type { RestApiEvent } from '../event.ts'
import { cookiePairs, joined } from './headers.ts'
import { encodedAgain } from './path.ts'
import type { Payload } from './payload.ts'

/** REST APIs, and HTTP APIs with format 1.0. */
export const restApi: Payload<RestApiEvent> = {
  is: ({ httpMethod, requestContext }) => typeof httpMethod === 'string' && typeof requestContext === 'object',
  method: ({ httpMethod }) => httpMethod,
  // Only an HTTP API says the version.
  path: (event) => ('version' in event ? encodedAgain(event.path) : event.path),
  query: function* ({ multiValueQueryStringParameters: several, queryStringParameters: single }) {
    for (const [name, values] of Object.entries(several ?? {})) for (const value of values ?? []) yield [name, value]
    if (!several) for (const [name, value] of Object.entries(single ?? {})) yield [name, value ?? '']
  },
  params: ({ pathParameters }) => pathParameters ?? {},
  headers: joined,
  cookies: (event) => cookiePairs(joined(event).cookie),
  peer: ({ requestContext }) => requestContext.identity?.sourceIp,
  limit: () => 29_000,
  result: (answer) => ({
    statusCode: answer.status,
    headers: { ...answer.headers },
    ...(answer.cookies.length > 0 && { multiValueHeaders: { 'set-cookie': [...answer.cookies] } }),
    ...encoded(answer),
  }),
}
