import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type CollectedSpan, collectedSpansOf } from './collected-spans.ts'
import { type Misbehaviour, misbehave } from './misbehaviour.ts'
import { readExport } from './read-export.ts'
import { Soundness } from './soundness.ts'
import { Watch } from './watch.ts'

export interface ExportRequest {
  readonly headers: IncomingHttpHeaders
  /** As it came, before it was unzipped. */
  readonly bytes: Uint8Array
  /** In the form of OTLP's JSON, however it came. Undefined where it could not be read, or has not been. */
  readonly body?: unknown
}

/**
 * Takes traces over OTLP/HTTP as a collector does, and holds them against the protocol.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class Collector extends Soundness implements AsyncDisposable {
  /** Every request so far, those too that it did not take. */
  readonly requests: ExportRequest[] = []
  /** Every span that it took so far. */
  readonly spans: CollectedSpan[] = []
  readonly #byId = new Map<string, CollectedSpan>()
  readonly #watch = new Watch<readonly CollectedSpan[]>(() => this.spans)
  readonly #arrivals = new Watch<readonly ExportRequest[]>(() => this.requests)
  readonly #server = createServer((request, response) => {
    request.on('error', () => {})
    response.on('error', () => {})
    this.#serve(request, response).catch((error) => this.report(`the collector itself failed: ${error}`))
  })
  #misbehaviour: Misbehaviour | undefined
  #port = 0

  /** `http://127.0.0.1:4318`, without a path. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** What makes a process export to here: for a child, or for vi.stubEnv. */
  get environment(): Readonly<Record<string, string>> {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: this.url }
  }

  /** Waits until what has been taken is enough. @throws Error after `timeout` ms, 10,000 by default */
  until(enough: (spans: readonly CollectedSpan[]) => boolean, timeout = 10_000): Promise<readonly CollectedSpan[]> {
    return this.#watch.until(enough, timeout, () => this.described(this.spans))
  }

  /** The same of requests, which come also while it misbehaves. */
  untilAsked(times: number, timeout = 10_000): Promise<readonly ExportRequest[]> {
    const described = () => `${this.requests.length} requests`
    return this.#arrivals.until((requests) => requests.length >= times, timeout, described)
  }

  spansOf(trace: string): readonly CollectedSpan[] {
    return this.spans.filter((span) => span.trace === trace)
  }

  /** Answers, and takes, only after so many ms. */
  slow(milliseconds: number): void {
    this.#misbehaviour = { delay: milliseconds }
  }

  /** Takes nothing and answers with this status, of which 429, 502, 503 and 504 ask for another attempt. */
  refuse(status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.#misbehaviour = { status, headers }
  }

  /** Takes nothing and answers nothing. */
  hang(): void {
    this.#misbehaviour = { hang: true }
  }

  /** Takes nothing and ends the connection. */
  reset(): void {
    this.#misbehaviour = { reset: true }
  }

  /** Takes back `slow`, `refuse`, `hang` and `reset`. */
  heal(): void {
    this.#misbehaviour = undefined
  }

  /** Forgets all that came. */
  clear(): void {
    this.requests.length = 0
    this.spans.length = 0
    this.#byId.clear()
    this.takeFaults()
  }

  /** Nobody listens until `up()`. */
  async down(): Promise<void> {
    if (!this.#server.listening) return
    await new Promise<void>((done) => {
      this.#server.close(() => done())
      this.#server.closeAllConnections()
    })
  }

  /** On the same port as before, if there was one. */
  async up(): Promise<this> {
    await new Promise<void>((done, failed) => {
      this.#server.once('error', failed).listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', failed)
        done()
      })
    })
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** @throws Error with the faults that nobody took */
  async close(): Promise<void> {
    await this.down()
    this.expectSound()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers } = request
    const bytes = await buffer(request).catch(() => undefined)
    // Who asked is gone.
    if (bytes === undefined) return
    const arrived: { -readonly [K in keyof ExportRequest]: ExportRequest[K] } = { headers, bytes }
    const how = this.#misbehaviour
    this.requests.push(arrived)
    this.#arrivals.changed()
    if (how !== undefined && (await misbehave(how, response))) return
    const { status, body, faults } = readExport(request, bytes)
    arrived.body = body
    for (const fault of faults) this.report(fault)
    for (const span of collectedSpansOf(body)) this.#keep(span)
    this.#watch.changed()
    const type = headers['content-type'] ?? 'text/plain'
    response.writeHead(status, { 'content-type': type }).end(type.startsWith('application/json') ? '{}' : '')
  }

  #keep(span: CollectedSpan): void {
    const key = `${span.trace}/${span.id}`
    const same = this.#byId.get(key)
    this.#byId.set(key, span)
    if (same !== undefined) this.report(`${span.name}: its id ${span.id} was sent before, by ${same.name}`)
    this.spans.push(span)
  }
}

/** A collector of traces on a free port. */
export function startCollector(): Promise<Collector> {
  return new Collector().up()
}
