import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2'
import type { Call } from './call.ts'
import type { Calls } from './calls.ts'
import { errorMonitor, told } from './told.ts'

interface Message {
  readonly stream: ClientHttp2Stream
}

/**
 * Shows requests of node:http2. Their headers are written when Node tells of them, so that none can be added.
 * @see https://nodejs.org/api/diagnostics_channel.html#http2
 */
export const captureHttp2 = (calls: Calls): void => {
  const underway = new WeakMap<ClientHttp2Stream, Call>()
  told<Message & { headers?: OutgoingHttpHeaders }>('http2.client.stream.created', ({ stream, headers = {} }) => {
    const header = (name: string) => textOf(headers[name])
    const call = calls.begin({
      method: header(':method') ?? 'GET',
      protocol: `${header(':scheme') ?? 'https'}:`,
      host: header(':authority') ?? header('host') ?? 'unknown',
      path: header(':path') ?? '/',
      header,
    })
    if (!call) return
    underway.set(stream, call)
    let failed: unknown
    stream.once(errorMonitor(), (error) => {
      failed = error
    })
    stream.once('close', () =>
      call.ended(failed ?? (call.isAnswered && !stream.aborted ? undefined : new Error('the request was aborted'))),
    )
  })
  told<Message & { headers: IncomingHttpHeaders }>('http2.client.stream.finish', ({ stream, headers }) =>
    underway.get(stream)?.answered(Number(headers[':status']), (name) => textOf(headers[name])),
  )
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : String(value))
