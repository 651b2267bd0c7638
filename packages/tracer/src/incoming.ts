import type { Context } from '@fnware/core'
import { traceHeaderOf } from '@fnware/core/extend'
import { parseW3C, parseXRay, type Trace } from './trace.ts'

/** The parts of an event that may tell of a trace. */
interface AnyEvent {
  readonly headers?: Headers | null
  readonly multiValueHeaders?: Headers | null
  readonly Records?: readonly AnyRecord[]
}
type Headers = Readonly<Record<string, unknown>>
interface AnyRecord {
  readonly attributes?: { readonly AWSTraceHeader?: unknown }
}

/**
 * The sampled trace that an invocation is a part of. Lambda's word counts for more than that of the event, which may be a
 * client's.
 */
export const sampledTraceOf = (event: unknown, context: Context): Trace | undefined => {
  const header = traceHeaderOf(context)
  // Most invocations are not sampled: they pay for this, and a look at the event.
  const lambdas = header?.includes('Sampled=1') ? parseXRay(header) : undefined
  if (lambdas?.sampled) return { ...lambdas, lambdas: true }
  const brought = traceOfEvent(event)
  return brought?.sampled ? brought : undefined
}

/** What is known of a trace that is not sampled, to hand it on. */
export const unsampledTraceOf = (event: unknown, context: Context): Trace | undefined => {
  const lambdas = parseXRay(traceHeaderOf(context))
  return lambdas ? { ...lambdas, lambdas: true } : traceOfEvent(event)
}

/** Sampled traces other than its own that an invocation has to do with: of its records, or of its client. */
export const linksOf = (event: unknown, own: Trace): readonly Trace[] => {
  const links = new Map<string, Trace>()
  for (const trace of tracesOfEvent(event)) if (trace?.sampled && trace.root !== own.root) links.set(trace.root, trace)
  return [...links.values()]
}
function* tracesOfEvent(event: unknown): Iterable<Trace | undefined> {
  try {
    const { Records } = (event ?? {}) as AnyEvent
    if (!Array.isArray(Records)) yield traceOfEvent(event)
    else for (const record of Records as readonly AnyRecord[]) yield parseXRay(record?.attributes?.AWSTraceHeader)
  } catch {
    // An event that cannot be read has nothing to do with any.
  }
}

const traceOfEvent = (event: unknown): Trace | undefined => {
  if (typeof event !== 'object' || event === null) return undefined
  try {
    const { headers, multiValueHeaders, Records } = event as AnyEvent
    if (headers) return traceOfHeaders(headers)
    if (multiValueHeaders) return traceOfHeaders(multiValueHeaders)
    return Array.isArray(Records) ? commonTrace(Records) : undefined
  } catch {
    return undefined
  }
}

const traceOfHeaders = (headers: Headers): Trace | undefined => {
  const header = headers['x-amzn-trace-id'] ?? headers['X-Amzn-Trace-Id']
  const trace = header === undefined ? undefined : parseXRay(first(header))
  if (trace?.sampled) return trace
  const parent = headers.traceparent ?? headers.Traceparent
  if (parent === undefined) return trace
  return parseW3C(first(parent), first(headers.tracestate ?? headers.Tracestate)) ?? trace
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
