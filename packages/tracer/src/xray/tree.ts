import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Failure } from '../engine.ts'
import type { Trace } from '../trace.ts'
import { Clock } from './clock.ts'
import type { Daemon } from './daemon.ts'
import { documentOf, documentsOf } from './document.ts'
import type { Segment } from './segment.ts'
import type { XRaySpan } from './span.ts'

/** Ended spans that are kept to be sent in one document with what they are below. */
const most = 100

/** All spans of an invocation: what of them has ended, and what has been sent. */
export class Tree {
  readonly clock: Clock = new Clock()
  readonly trace: Trace
  readonly namespace: string
  readonly innermost: AsyncLocalStorage<XRaySpan>
  readonly #daemon: Daemon
  readonly #newId: () => string
  readonly #open = new Set<XRaySpan>()
  #waiting = 0
  /** What has been thrown in a span below, and the id of the exception that tells of it. */
  told: Map<object, string> | undefined = undefined

  constructor(
    trace: Trace,
    namespace: string,
    { innermost, daemon, newId }: { innermost: AsyncLocalStorage<XRaySpan>; daemon: Daemon; newId: () => string },
  ) {
    this.trace = trace
    this.namespace = namespace
    this.innermost = innermost
    this.#daemon = daemon
    this.#newId = newId
  }

  newId(): string {
    return this.#newId()
  }

  opened(span: XRaySpan): void {
    const { segment } = span
    this.#open.add(span)
    if (segment.parent && !segment.parent.sent) segment.parent.below.push(segment)
  }

  /** It goes with what it is below, if that is still to go; many go before. */
  ended(span: XRaySpan): void {
    const { segment } = span
    this.#open.delete(span)
    if (!segment.parent || segment.parent.sent) this.#send(segment)
    else if (++this.#waiting > most) this.#sendBelowOpen()
  }

  /** Ends all that is open but the invocation's own. */
  closeOpen(failure: Failure | undefined): void {
    for (const span of [...this.#open].reverse()) if (span.segment.parent) span.end(failure)
  }

  /** Sends what has ended, and of what is open that it is. */
  flush(): void {
    this.#sendBelowOpen()
    for (const { segment } of this.#open) {
      if (segment.told) continue
      segment.told = true
      this.#daemon.send(documentOf(segment, this.#belonging(segment)))
    }
  }
  sent(): Promise<void> | undefined {
    return this.#daemon.sent()
  }

  /** What is below something that is open, and has ended, goes on its own. */
  #sendBelowOpen() {
    for (const { segment } of this.#open) {
      const { below } = segment
      segment.below = below.filter(({ ended }) => ended === undefined)
      for (const one of below) if (one.ended !== undefined) this.#send(one)
    }
  }
  #send(segment: Segment) {
    for (const document of documentsOf(segment, this.#belonging(segment))) this.#daemon.send(document)
    this.#gone(segment)
  }
  /** What is open below it will go on its own. */
  #gone(segment: Segment) {
    segment.sent = true
    this.#waiting--
    for (const one of segment.below.splice(0)) if (one.ended !== undefined) this.#gone(one)
  }
  #belonging({ parent }: Segment) {
    const { root, parent: above, lambdas } = this.trace
    return { root, parent: parent?.id ?? above, segment: !parent && !(lambdas && above) }
  }
}
