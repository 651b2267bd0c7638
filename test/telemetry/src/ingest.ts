import { checkMetrics } from './emf-rules.ts'
import { type LogEvent, logEventsOf } from './log-events.ts'
import { isObject } from './rule.ts'
import { Soundness } from './soundness.ts'
import { type StoredMetric, storedMetricsOf } from './stored-metrics.ts'

export type Output = string | Uint8Array | AsyncIterable<string | Uint8Array>

export interface IngestOptions {
  /** When CloudWatch is given them, in ms since the epoch: it refuses metrics of 14 days ago and 2 hours hence. */
  readonly now?: number
}

/** What CloudWatch has of a function's output. */
export class Ingested extends Soundness {
  /** Every line that is not empty. One of more than 1 MB is several. */
  readonly events: readonly LogEvent[]
  /** Those of them that are JSON objects. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
  /** What the lines of the embedded metric format make. An unsound line makes none. */
  readonly metrics: readonly StoredMetric[]

  constructor(output: Uint8Array, { now = Date.now() }: IngestOptions = {}) {
    super()
    const json: Readonly<Record<string, unknown>>[] = []
    const metrics: StoredMetric[] = []
    this.events = logEventsOf(output, (fault) => this.report(fault))
    for (const { message, line, whole } of this.events) {
      const document = this.#parsed(message, line, whole)
      if (document === undefined) continue
      json.push(document)
      if (!Object.hasOwn(document, '_aws')) continue
      const { length } = this.faults
      checkMetrics(document, now, (fault) => this.report(`line ${line}: ${fault}`))
      if (this.faults.length === length) metrics.push(...storedMetricsOf(document))
    }
    this.json = json
    this.metrics = metrics
  }

  #parsed(message: string, line: number, whole: boolean): Readonly<Record<string, unknown>> | undefined {
    const text = message.replace(ofTheRuntime, '')
    if (!text.startsWith('{')) return undefined
    try {
      const parsed: unknown = JSON.parse(text)
      return isObject(parsed) ? parsed : undefined
    } catch (error) {
      // What was cut has been told.
      if (whole) this.report(`line ${line} begins as JSON, and is none: ${(error as Error).message}`)
      return undefined
    }
  }
}

/** Time, request id and level, which Lambda's runtime puts before what a function gives to the console as text. */
const ofTheRuntime = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[\w-]+\t[A-Z]+\t/

/** Reads a function's output as CloudWatch does. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
export async function ingest(output: Output, options?: IngestOptions): Promise<Ingested> {
  if (typeof output === 'string' || output instanceof Uint8Array) return new Ingested(Buffer.from(output), options)
  const chunks: Uint8Array[] = []
  for await (const chunk of output) chunks.push(Buffer.from(chunk as string))
  return new Ingested(Buffer.concat(chunks), options)
}
