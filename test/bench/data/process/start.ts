import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { context } from '../../process/context.ts'
import { now, spans } from '../stack/span.ts'

/**
 * The process of one timeline: loads a bundled function, has it answer once, and tells when it began and was done with
 * each call that it made, whichever client made it.
 */
interface Sent {
  readonly path: string
  getHeader(name: string): unknown
}
// As under Lambda, whose client has it.
process.getBuiltinModule('node:http')

const sent = new Map<unknown, number>()
subscribe('http.client.request.start', (message) => {
  sent.set((message as { request: unknown }).request, now())
})
subscribe('http.client.response.finish', (message) => {
  const { request } = message as { request: Sent }
  const target = String(request.getHeader('x-amz-target'))
  const what = target.startsWith('AmazonSSM') ? 'parameters' : 'secrets'
  spans().push({ what, began: sent.get(request) ?? now(), ended: now() })
})

const began = now()
const { handler } = (await import(process.argv[2]!)) as {
  handler: (event: unknown, context: unknown) => Promise<{ ok?: boolean; connections?: number }>
}
const loaded = now()
const answer = await handler({}, context())
const ended = now()
writeSync(1, JSON.stringify({ began, loaded, ended, spans: spans(), answer }))
process.exit()
