import type { Context } from '@fnware/core'
import { traceHeaderOf } from './lambda-header.ts'
import { parseW3C, parseXRay, type Trace } from './trace.ts'

/** The parts of an event that may tell of a trace. */
interface AnyEvent {
  readonly headers?: Readonly<Record<string, unknown>> | null
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null
  readonly Records?: readonly AnyRecord[]
}
interface AnyRecord {
  readonly attributes?: { readonly AWSTraceHeader?: unknown }
}

/** What an invocation is told of its trace. Lambda's word counts for more than that of the event, which may be a client's. */
export const traceOf = (event: unknown, context: Context): Trace | undefined => {
  const header = traceHeaderOf(context)
  // Most invocations are not sampled: they are told so by nothing more than this.
  const lambdas = header?.includes('Sampled=1') ? parseXRay(header) : undefined
  if (lambdas?.sampled) return { ...lambdas, lambdas: true }
  const brought = traceOfEvent(event)
  return brought?.sampled ? brought : undefined
}

/** What is known of a trace that is not sampled, to hand it on. */
export const unsampledTraceOf = (event: unknown, context: Context): Trace | undefined =>
  parseXRay(traceHeaderOf(context)) ?? traceOfEvent(event)

const traceOfEvent = (event: unknown): Trace | undefined => {
  if (typeof event !== 'object' || event === null) return undefined
  const { headers, multiValueHeaders, Records } = event as AnyEvent
  if (headers) return traceOfHeaders(headers)
  if (multiValueHeaders) return traceOfHeaders(multiValueHeaders)
  return Array.isArray(Records) ? commonTrace(Records) : undefined
}

const traceOfHeaders = (headers: Readonly<Record<string, unknown>>): Trace | undefined => {
  const header = first(headers['x-amzn-trace-id'] ?? headers['X-Amzn-Trace-Id'])
  const trace = header === undefined ? undefined : parseXRay(header)
  if (trace?.sampled) return trace
  const parent = first(headers.traceparent ?? headers.Traceparent)
  return (parent === undefined ? undefined : parseW3C(parent, first(headers.tracestate ?? headers.Tracestate))) ?? trace
}
const first = (value: unknown) => (Array.isArray(value) ? value[0] : value)

/** The trace of all records, where they are of one. */
const commonTrace = (records: readonly AnyRecord[]): Trace | undefined => {
  let common: Trace | undefined
  for (const record of records) {
    const header = record?.attributes?.AWSTraceHeader
    const trace = header === undefined ? undefined : parseXRay(header)
    if (!trace || (common && common.root !== trace.root)) return undefined
    common ??= trace
  }
  return common
}

/** The sampled traces of a batch's records, other than that of the invocation. */
export const linksOf = (event: unknown, { root }: Trace): readonly Trace[] => {
  const records = (event as AnyEvent | null)?.Records
  if (!Array.isArray(records)) return []
  const links = new Map<string, Trace>()
  for (const record of records as readonly AnyRecord[]) {
    const trace = parseXRay(record?.attributes?.AWSTraceHeader)
    if (trace?.sampled && trace.root !== root) links.set(trace.root, trace)
  }
  return [...links.values()]
}
