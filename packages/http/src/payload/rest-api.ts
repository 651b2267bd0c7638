import type { RestApiEvent } from '../event.ts'
import { headers, query } from './multi-value.ts'
import { encodedAgain } from './path.ts'
import type { Payload } from './payload.ts'
import { result } from './result.ts'

/** REST APIs, and HTTP APIs with format 1.0. */
export const restApi: Payload<RestApiEvent> = {
  is: ({ httpMethod, requestContext }) => typeof httpMethod === 'string' && typeof requestContext === 'object',
  method: ({ httpMethod }) => httpMethod,
  // Only an HTTP API says the version.
  path: (event) => ('version' in event ? encodedAgain(event.path) : event.path),
  query,
  params: ({ pathParameters }) => pathParameters,
  headers,
  peer: ({ requestContext }) => requestContext.identity?.sourceIp,
  limit: () => 29_000,
  result: (answer) => ({
    ...result(answer),
    ...(answer.cookies.length > 0 && { multiValueHeaders: { 'set-cookie': answer.cookies } }),
  }),
}
