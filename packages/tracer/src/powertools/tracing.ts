import type { Start } from '../engine.ts'
import type { Trace } from '../trace.ts'
import { exceptionsOf } from '../xray/exceptions.ts'
import { type PowertoolsTracer, type Settings, settingsOf, type XRaySegment } from './instance.ts'
import { refusal } from './one-at-a-time.ts'
import type { OpenSubsegment } from './subsegment.ts'

/** What the subsegments of an invocation have in common. */
export class Tracing {
  readonly instance: PowertoolsTracer
  readonly settings: Settings
  readonly trace: Trace
  readonly #warn: Start['warn']
  readonly #lambdas: XRaySegment
  readonly #told = new WeakMap<object, string>()
  /** What is open, by the subsegment. */
  readonly #open = new Map<unknown, OpenSubsegment>()

  /** @param lambdas what stands for Lambda's segment: one object for the whole process, of whichever invocation looked last */
  constructor(instance: PowertoolsTracer, lambdas: XRaySegment, { trace, warn }: Start) {
    this.instance = instance
    this.settings = settingsOf(instance)
    this.trace = trace
    this.#lambdas = lambdas
    this.#warn = warn
  }

  /** Of an error that a subsegment below tells of already, the id that it tells it by. */
  causeOf(error: unknown): unknown {
    const known = typeof error === 'object' && error !== null
    const told = known && this.#told.get(error)
    if (told) return told
    const exceptions = exceptionsOf(error, newId)
    if (known && exceptions[0]) this.#told.set(error, exceptions[0].id)
    return { working_directory: process.cwd(), exceptions }
  }

  opened(open: OpenSubsegment): void {
    this.#open.set(open.segment, open)
  }
  find(segment: unknown): OpenSubsegment | undefined {
    return this.#open.get(segment)
  }

  closed(open: OpenSubsegment): void {
    this.#open.delete(open.segment)
    if (this.#lambdas.trace_id === this.trace.root) send(open.segment)
    else this.#warn(refusal.spoiled)
  }

  /** Ends what is still open below the invocation's own, the innermost first. */
  closeBelow(root: OpenSubsegment): void {
    for (const open of [...this.#open.values()].reverse()) if (open !== root) open.end()
  }
}

/** Closes it. The SDK sends it with that, unless something below it is open: then what ends last sends both. */
const send = (segment: XRaySegment) => {
  segment.close()
  let above = segment.parent
  while (above?.streamSubsegments && above.isClosed() && above.counter === 0) {
    if (above.streamSubsegments()) above.parent?.removeSubsegment(above)
    above = above.parent
  }
}

/** 16 hexadecimal digits. */
const newId = () => {
  const half = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return half() + half()
}
