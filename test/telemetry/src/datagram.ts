import { shown } from './rule.ts'
import { document, maxDocument } from './segment-rules.ts'
import { type Span, spansOf } from './spans.ts'

export interface SegmentDocument extends Readonly<Record<string, unknown>> {}

export interface Datagram {
  readonly document?: SegmentDocument
  readonly spans: readonly Span[]
  readonly faults: readonly string[]
}

/** What X-Ray's daemon makes of a datagram: a header line, and one segment document. */
export function readDatagram(bytes: Uint8Array): Datagram {
  const lost = (fault: string): Datagram => ({ spans: [], faults: [fault] })
  const end = bytes.indexOf(0x0a)
  if (end === -1) return lost('the datagram has no header line')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let header: unknown
  let parsed: unknown
  try {
    header = JSON.parse(utf8.decode(bytes.subarray(0, end)))
  } catch {
    return lost('the header line is not JSON')
  }
  if (!isHeader(header)) return lost(`the header must be {"format":"json","version":1}, and is ${shown(header)}`)
  const body = bytes.subarray(end + 1)
  try {
    parsed = JSON.parse(utf8.decode(body))
  } catch (error) {
    return lost(`the document is not JSON: ${(error as Error).message}`)
  }
  const faults: string[] = []
  if (body.length > maxDocument) faults.push(`the document has ${body.length} bytes, and may have ${maxDocument}`)
  document(parsed, '', (fault) => faults.push(fault))
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { spans: [], faults }
  return { document: parsed as SegmentDocument, spans: spansOf(parsed), faults }
}

function isHeader(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { format, version, ...others } = value as Record<string, unknown>
  return format === 'json' && version === 1 && Object.keys(others).length === 0
}
