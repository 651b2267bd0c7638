import type { Context } from '@fnware/core'
import { traceHeaderOf } from '@fnware/core/ports'
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
  const lambdas = sampledXRay(traceHeaderOf(context))
  return lambdas ? { ...lambdas, lambdas: true } : traceOfEvent(event, sampledXRay, sampledW3C)
}

/** Most invocations are not sampled, and pay for no more than this. */
const sampledXRay = (header: unknown): Trace | undefined => {
  if (typeof header !== 'string' || !saysSampled(header)) return undefined
  const trace = parseXRay(header)
  return trace?.sampled ? trace : undefined
}
/** Most of Lambda's are `Root=…;Parent=…;Sampled=0`, of which the last character tells: to search them all takes longer. */
const saysSampled = (header: string) =>
  header.length === 74 && header.charCodeAt(72) === equals
    ? header.charCodeAt(73) === one
    : header.length >= shortest && header.includes('Sampled=1')
const equals = 61
const one = 49
/** Characters of a header that has a root and says that it is sampled. */
const shortest = 'Root=1-00000000-000000000000000000000000;Sampled=1'.length
const sampledW3C = (header: unknown, state: unknown): Trace | undefined => {
  const trace = parseW3C(header, state)
  return trace?.sampled ? trace : undefined
}

/** What is known of a trace that is not sampled, to hand it on. */
export const unsampledTraceOf = (event: unknown, context: Context): Trace | undefined => {
  const lambdas = parseXRay(traceHeaderOf(context))
  return lambdas ? { ...lambdas, lambdas: true } : traceOfEvent(event, parseXRay, parseW3C)
}

/** Sampled traces other than its own that an invocation has to do with: of its records, or of its client. */
export const linksOf = (event: unknown, own: Trace): readonly Trace[] => {
  const links = new Map<string, Trace>()
  for (const trace of tracesOfEvent(event)) if (trace && trace.root !== own.root) links.set(trace.root, trace)
  return [...links.values()]
}
function* tracesOfEvent(event: unknown): Iterable<Trace | undefined> {
  try {
    const { Records } = (event ?? {}) as AnyEvent
    if (!Array.isArray(Records)) yield traceOfEvent(event, sampledXRay, sampledW3C)
    else for (const record of Records as readonly AnyRecord[]) yield sampledXRay(record?.attributes?.AWSTraceHeader)
  } catch {
    // An event that cannot be read has nothing to do with any.
  }
}

type XRay = (header: unknown) => Trace | undefined
type W3C = (header: unknown, state: unknown) => Trace | undefined

const traceOfEvent = (event: unknown, xray: XRay, w3c: W3C): Trace | undefined => {
  if (typeof event !== 'object' || event === null) return undefined
  try {
    const { headers, multiValueHeaders, Records } = event as AnyEvent
    if (headers) return traceOfHeaders(headers, xray, w3c)
    if (multiValueHeaders) return traceOfHeaders(multiValueHeaders, xray, w3c)
    return Array.isArray(Records) ? commonTrace(Records, xray) : undefined
  } catch {
    return undefined
  }
}

const traceOfHeaders = (headers: Headers, xray: XRay, w3c: W3C): Trace | undefined => {
  const trace = xray(first(headers['x-amzn-trace-id'] ?? headers['X-Amzn-Trace-Id']))
  if (trace?.sampled) return trace
  const parent = headers.traceparent ?? headers.Traceparent
  if (parent === undefined) return trace
  return w3c(first(parent), first(headers.tracestate ?? headers.Tracestate)) ?? trace
}
const first = (value: unknown) => (Array.isArray(value) ? value[0] : value)

/** The trace of all records, where they are of one. */
const commonTrace = (records: readonly AnyRecord[], xray: XRay): Trace | undefined => {
  let common: Trace | undefined
  for (const record of records) {
    const trace = xray(record?.attributes?.AWSTraceHeader)
    if (!trace || (common && common.root !== trace.root)) return undefined
    common ??= trace
  }
  return common
}
