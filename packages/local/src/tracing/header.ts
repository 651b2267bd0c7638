import { randomBytes } from 'node:crypto'

/** An id of X-Ray's: 64 random bits. */
export const newId = (): string => randomBytes(8).toString('hex')

/** An id of a trace as X-Ray writes it: when, and 96 random bits. */
const newTrace = (): string =>
  `1-${Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0')}-${randomBytes(12).toString('hex')}`

export const newRoot = (): string => `Root=${newTrace()}`

/** What a tracing header says. */
export interface TracingHeader {
  readonly trace: string
  /** Whose part of the trace this is to be. */
  readonly parent: string | undefined
  /** None where it is not decided yet. */
  readonly sampled: boolean | undefined
}

const one = (name: string, value: string): RegExp => new RegExp(`(?:^|;)\\s*${name}=(${value})\\s*(?=;|$)`, 'i')
const [roots, parents, sampled] = [
  one('Root', '1-[0-9a-f]{8}-[0-9a-f]{24}'),
  one('Parent', '[0-9a-f]{16}'),
  one('Sampled', '[01?]'),
]

/**
 * Reads a tracing header; one that names no trace says nothing.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function readTracingHeader(header: string | undefined): TracingHeader | undefined {
  const trace = header?.match(roots)?.[1]
  if (header === undefined || trace === undefined) return undefined
  const decided = header.match(sampled)?.[1]
  return {
    trace: trace.toLowerCase(),
    parent: header.match(parents)?.[1]?.toLowerCase(),
    sampled: decided === '1' ? true : decided === '0' ? false : undefined,
  }
}

export const writeTracingHeader = (trace: string, parent: string, sampled: boolean): string =>
  `Root=${trace};Parent=${parent};Sampled=${sampled ? 1 : 0}`

/** Where nobody traces: a header goes on, and what it leaves open is filled in. */
export function passedThrough(header: string | undefined): string {
  const { trace = newTrace(), parent, sampled } = readTracingHeader(header) ?? {}
  if (header !== undefined && parent !== undefined && sampled !== undefined) return header
  return writeTracingHeader(trace, parent ?? newId(), sampled ?? false)
}

/** What traces an invocation: a header that was not refused, and is not decided against, is joined. */
export function joined(header: string | undefined): TracingHeader & { readonly sampled: boolean } {
  const { trace = newTrace(), parent, sampled = true } = readTracingHeader(header) ?? {}
  return { trace, parent, sampled }
}

/** The tracing header that an event carries, as events of HTTP do. */
export function tracingHeaderIn(event: object): string | undefined {
  const { headers, multiValueHeaders } = event as {
    headers?: Readonly<Record<string, string>>
    multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  }
  for (const [name, value] of Object.entries(headers ?? multiValueHeaders ?? {}))
    if (name.toLowerCase() === 'x-amzn-trace-id') return [value].flat()[0]
  return undefined
}
