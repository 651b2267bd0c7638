import type { Call } from './call.ts'
import type { Calls } from './calls.ts'
import { isDeferred } from './deferred.ts'
import type { Outgoing } from './outgoing.ts'
import { told } from './told.ts'

/** A request as undici's channels tell it. */
interface Request {
  readonly method: string
  readonly origin: string | URL
  readonly path: string
  /** Names and values by turns; one text in version 5. */
  readonly headers: readonly unknown[] | string
  readonly host?: string | null
  addHeader(name: string, value: string): unknown
}
interface Message {
  readonly request: Request
}

/**
 * Shows fetch(), Node's own and that of undici from npm: each of its requests, so that a redirect is two. What a dispatcher
 * of one's own sends later than it was asked to is not shown: nobody can tell any more whose it is.
 * @see https://undici.nodejs.org/#/docs/api/DiagnosticsChannel
 */
export const captureUndici = (calls: Calls): void => {
  const underway = new WeakMap<Request, Call>()
  told<Message>('undici:request:create', ({ request }) => {
    const call = calls.active() && !isDeferred() ? calls.begin(outgoing(request)) : undefined
    if (call) underway.set(request, call)
  })
  told<Message & { response: { statusCode: number; headers: readonly unknown[] } }>(
    'undici:request:headers',
    ({ request, response: { statusCode, headers } }) => {
      if (statusCode >= 200) underway.get(request)?.answered(statusCode, (name) => among(headers, name))
    },
  )
  told<Message>('undici:request:trailers', ({ request }) => underway.get(request)?.ended())
  told<Message & { error: unknown }>('undici:request:error', ({ request, error }) =>
    underway.get(request)?.ended(error),
  )
}

const outgoing = (request: Request): Outgoing => {
  const { protocol, host } = new URL(request.origin)
  return {
    method: request.method,
    protocol,
    host: request.host ?? host,
    path: request.path,
    header: (name) => among(headersOf(request), name),
    setHeader: (name, value) => replaced(request, name, value) || void request.addHeader(name, value),
  }
}

const headersOf = ({ headers }: Request): readonly unknown[] =>
  typeof headers === 'string' ? headers.split(/: |\r\n/) : headers

const among = (headers: readonly unknown[], name: string): string | undefined => {
  const at = placeOf(headers, name)
  return at < 0 ? undefined : String(headers[at + 1])
}
const placeOf = (headers: readonly unknown[], name: string): number => {
  for (let at = 0; at + 1 < headers.length; at += 2) if (String(headers[at]).toLowerCase() === name) return at
  return -1
}

const replaced = ({ headers }: Request, name: string, value: string): boolean => {
  const at = typeof headers === 'string' ? -1 : placeOf(headers, name)
  if (at >= 0) (headers as unknown[])[at + 1] = value
  return at >= 0
}
