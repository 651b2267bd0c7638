import { createSocket, type Socket } from 'node:dgram'
import { readDatagram, type SegmentDocument } from './datagram.ts'
import { Soundness } from './soundness.ts'
import type { Span } from './spans.ts'
import { Watch } from './watch.ts'

/**
 * Listens as X-Ray's daemon does, and holds every datagram against the rules of segment documents.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export class XRay extends Soundness implements AsyncDisposable {
  /** Every datagram so far, as it came. */
  readonly datagrams: Uint8Array[] = []
  readonly documents: SegmentDocument[] = []
  /** Every segment and subsegment so far, those within others too. */
  readonly spans: Span[] = []
  /** Where each span is among them. */
  readonly #places = new Map<string, number>()
  readonly #watch = new Watch<readonly Span[]>(() => this.spans)
  #socket: Socket | undefined
  #port = 0

  /** For AWS_XRAY_DAEMON_ADDRESS. */
  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** What makes a process trace to here: for a child, or for vi.stubEnv. */
  get environment(): Readonly<Record<string, string>> {
    return { AWS_XRAY_DAEMON_ADDRESS: this.address }
  }

  /** Waits until what has come is enough. @throws Error after `timeout` ms, 10,000 by default */
  until(enough: (spans: readonly Span[]) => boolean, timeout = 10_000): Promise<readonly Span[]> {
    return this.#watch.until(enough, timeout, () => this.described(this.spans))
  }

  spansOf(trace: string): readonly Span[] {
    return this.spans.filter((span) => span.trace === trace)
  }

  /** Forgets all that came. */
  clear(): void {
    for (const kept of [this.datagrams, this.documents, this.spans]) kept.length = 0
    this.#places.clear()
    this.takeFaults()
  }

  /** Nobody listens until `up()`. */
  async down(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket !== undefined) await new Promise<void>((done) => socket.close(done))
  }

  /** On the same port as before, if there was one. */
  async up(): Promise<this> {
    // Large enough for what 64 invocations send at once.
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
    socket.on('message', (bytes) => this.#take(bytes))
    await new Promise<void>((done, failed) => {
      socket.once('error', failed).bind(this.#port, '127.0.0.1', () => {
        socket.off('error', failed)
        done()
      })
    })
    this.#port = socket.address().port
    this.#socket = socket
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

  #take(bytes: Uint8Array): void {
    this.datagrams.push(bytes)
    const { document, spans, faults } = readDatagram(bytes)
    for (const fault of faults) this.report(document === undefined ? fault : `${document.name}: ${fault}`)
    for (const span of spans) this.#keep(span)
    if (document !== undefined) this.documents.push(document)
    this.#watch.changed()
  }

  /** An id is its span's alone in a trace. Only one in progress may be told again, when it is complete. */
  #keep(span: Span): void {
    const { id, trace, name, end } = span
    const index = this.#places.get(`${trace}/${id}`)
    const before = index === undefined ? undefined : this.spans[index]
    if (index === undefined || before === undefined) this.#places.set(`${trace}/${id}`, this.spans.push(span) - 1)
    else if (before.end === undefined && end !== undefined) this.spans[index] = span
    else this.report(`${name}: its id ${id} was sent before, by ${before.name}`)
  }
}

/** A listener on a free port, in the place of X-Ray's daemon. */
export function startXRay(): Promise<XRay> {
  return new XRay().up()
}
