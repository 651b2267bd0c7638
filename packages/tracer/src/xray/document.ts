import { cuts } from './cuts.ts'
import type { Segment } from './segment.ts'

/** Bytes of a document with its header: 64 kB is more than UDP takes. */
const largest = 64_000
/** Bytes of what a document of its own says beside its span. */
const frame = 400

/** Which trace documents belong to. */
export interface Belonging {
  readonly root: string
  /** The id of what the outermost is below; none where the trace begins here. */
  readonly parent: string | undefined
  /** Whether it is the function's segment, where Lambda writes none. */
  readonly segment: boolean
}

/**
 * Writes a span and the ended ones below it as documents that the daemon takes: one where it fits, and else what is
 * largest in documents of its own.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export const documentsOf = (segment: Segment, belonging: Belonging): readonly string[] => {
  const documents: string[] = []
  const own = nested(segment, belonging.root, documents)
  documents.push(framed(own, belonging))
  return documents
}

/** A document of one span, without those below it. */
export const documentOf = (segment: Segment, belonging: Belonging): string => framed(textOf(segment), belonging)

const framed = (text: string, { root, parent, segment }: Belonging): string =>
  `{"trace_id":"${root}",${parent ? `"parent_id":"${parent}",` : ''}${
    segment ? '"origin":"AWS::Lambda::Function",' : '"type":"subsegment",'
  }${text.slice(1)}`

/** A span with those below it, as far as they fit: the largest of them go to `apart`. */
const nested = (segment: Segment, root: string, apart: string[]): string => {
  const text = textOf(segment)
  const below = segment.below
    .filter(({ ended }) => ended !== undefined)
    .map((one) => {
      const text = nested(one, root, apart)
      return { text, size: Buffer.byteLength(text) + 1 }
    })
  let size = Buffer.byteLength(text) + below.reduce((sum, { size }) => sum + size, 0)
  const bySize = size > largest - frame ? below.toSorted((a, b) => b.size - a.size) : []
  for (const one of bySize) {
    if (size <= largest - frame) break
    size -= one.size
    apart.push(framed(one.text, { root, parent: segment.id, segment: false }))
    below.splice(below.indexOf(one), 1)
  }
  if (below.length === 0) return text
  return `${text.slice(0, -1)},"subsegments":[${below.map(({ text }) => text).join(',')}]}`
}

/** A span alone, which fits: of what is too large, a note is left. */
const textOf = (segment: Segment): string => {
  let [cut, text] = [segment, written(segment)]
  for (const step of cuts) {
    if (Buffer.byteLength(text) <= largest - frame) break
    cut = step(cut)
    text = written(cut)
  }
  return text
}

const written = (segment: Segment): string => {
  const { id, name, begun, ended, namespace, as, cause, annotations, metadata } = segment
  const { http, aws, sql } = segment.details
  const text = JSON.stringify({
    id,
    name,
    start_time: begun,
    ...(ended === undefined ? { in_progress: true } : { end_time: ended }),
    namespace,
    ...(as && { [as]: true, ...(as === 'throttle' && { error: true }) }),
    cause: typeof cause === 'object' ? { working_directory: process.cwd(), exceptions: cause } : cause,
    http: http && {
      request: { method: http.method, url: http.url, user_agent: http.userAgent, client_ip: http.clientIp },
      response: { status: http.status, content_length: http.length },
    },
    aws: aws && {
      operation: aws.operation,
      region: aws.region,
      request_id: aws.requestId,
      retries: aws.retries,
      ...aws.resources,
    },
    sql: sql && { url: sql.url, database_type: sql.type, user: sql.user, sanitized_query: sql.statement },
    annotations: annotations && Object.fromEntries(annotations),
  })
  return metadata ? `${text.slice(0, -1)},"metadata":${ofMaps(metadata)}}` : text
}

const ofMaps = (metadata: NonNullable<Segment['metadata']>): string =>
  object([...metadata].map(([namespace, entries]) => [namespace, object([...entries])]))
const object = (entries: (readonly [string, string])[]): string =>
  `{${entries.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`
