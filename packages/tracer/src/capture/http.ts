import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Call } from './call.ts'
import type { Calls } from './calls.ts'
import type { Outgoing } from './outgoing.ts'
import { errorMonitor, told } from './told.ts'

interface Message {
  readonly request: ClientRequest
}

/**
 * Shows requests of node:http and node:https, and so of all that is built on them: axios, got, the AWS SDK.
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export const captureHttp = (calls: Calls): void => {
  const underway = new WeakMap<ClientRequest, Call>()
  const begin = (request: ClientRequest) => {
    const call = calls.begin(outgoing(request))
    if (!call) return
    underway.set(request, call)
    let failed: unknown
    request.once(errorMonitor(), (error) => {
      failed = error
    })
    request.once('close', () => {
      if (call.isAnswered) return
      const { statusCode } = (request as { res?: IncomingMessage }).res ?? {}
      // Such as a WebSocket's.
      if (statusCode !== undefined) call.answered(statusCode, () => undefined)
      call.ended(failed ?? (statusCode === undefined ? new Error('the request was aborted') : undefined))
    })
  }

  let isToldEarly = false
  told<Message>('http.client.request.created', ({ request }) => {
    isToldEarly = true
    begin(request)
  })
  // Before Node 22.12, which does not tell earlier: the headers have been written by then.
  told<Message>('http.client.request.start', ({ request }) => {
    if (!isToldEarly) begin(request)
  })
  // By which the head of the answer is meant.
  told<Message & { response: IncomingMessage }>('http.client.response.finish', ({ request, response }) => {
    const call = underway.get(request)
    call?.answered(response.statusCode ?? 0, (name) => textOf(response.headers[name]))
    if (call)
      response.once('close', () =>
        call.ended(response.complete ? undefined : (response.errored ?? new Error('the answer was cut off'))),
      )
  })
}

const outgoing = (request: ClientRequest): Outgoing => ({
  method: request.method,
  protocol: request.protocol,
  host: textOf(request.getHeader('host')) ?? request.host,
  path: request.path,
  header: (name) => textOf(request.getHeader(name)),
  setHeader: request.headersSent ? undefined : (name, value) => void request.setHeader(name, value),
})

const textOf = (value: number | string | readonly string[] | undefined): string | undefined =>
  value === undefined ? undefined : String(value)
