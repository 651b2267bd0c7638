import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { exportTraceServiceRequest } from './otlp-messages.ts'
import { exportRequest } from './otlp-rules.ts'
import { decode } from './protobuf.ts'

export interface Export {
  readonly status: number
  readonly body?: unknown
  readonly faults: readonly string[]
}

/** What a collector makes of a request, and answers. */
export function readExport({ method, url, headers }: IncomingMessage, bytes: Uint8Array): Export {
  const refused = (status: number, fault: string): Export => ({ status, faults: [fault] })
  if (url !== '/v1/traces') return refused(404, `${url} is no path of OTLP's traces: /v1/traces is`)
  if (method !== 'POST') return refused(405, `${method} is no method of OTLP: POST is`)
  const type = headers['content-type']?.split(';')[0]?.trim()
  if (type !== 'application/x-protobuf' && type !== 'application/json')
    return refused(415, `${type} is no content type of OTLP: application/x-protobuf and application/json are`)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity') return refused(415, `${encoding} is no content encoding of OTLP`)
  let body: unknown
  try {
    const unzipped = encoding === 'gzip' ? gunzipSync(bytes) : bytes
    body =
      type === 'application/json'
        ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(unzipped))
        : decode(unzipped, exportTraceServiceRequest, 'the request')
  } catch (error) {
    return refused(400, `the body cannot be read: ${(error as Error).message}`)
  }
  const faults: string[] = []
  exportRequest(body, '', (fault) => faults.push(fault))
  return { status: 200, body, faults }
}
