import type { HttpApiEvent } from '../event.ts'
import { encodedAgain } from './path.ts'
import type { Payload } from './payload.ts'
import { result } from './result.ts'

/** HTTP APIs (format 2.0) and function URLs. */
export const httpApi: Payload<HttpApiEvent> = {
  is: ({ version, requestContext }) => version === '2.0' && typeof requestContext?.http?.method === 'string',
  method: (event) => event.requestContext.http.method,
  path: ({ rawPath, requestContext: { stage, domainName } }) => {
    if (isFunctionUrl(domainName)) return rawPath
    // API Gateway's own domain puts a named stage before the path. A custom domain does not.
    const prefix = stage && stage !== '$default' && domainName?.includes('.execute-api.') ? `/${stage}` : ''
    const staged = prefix && (rawPath === prefix || rawPath.startsWith(`${prefix}/`))
    return encodedAgain(staged ? rawPath.slice(prefix.length) : rawPath)
  },
  params: ({ pathParameters }) => pathParameters,
  // queryStringParameters joins repeated values by commas, and cannot be taken apart again.
  query: ({ rawQueryString }) => (rawQueryString ? new URLSearchParams(rawQueryString) : []),
  headers: ({ headers }) => headers ?? {},
  cookies: ({ cookies }) => cookies ?? [],
  peer: (event) => event.requestContext.http.sourceIp,
  limit: ({ requestContext }) => (isFunctionUrl(requestContext.domainName) ? Infinity : 29_000),
  result: (answer) => ({ ...result(answer), ...(answer.cookies.length > 0 && { cookies: answer.cookies }) }),
}

const isFunctionUrl = (domainName: string | undefined) => domainName?.endsWith('.on.aws') === true
