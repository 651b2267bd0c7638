import { setImmediate } from 'node:timers/promises'
import type { Failure, Open, Root } from '../engine.ts'
import type { XRaySegment } from './instance.ts'
import { OpenSubsegment } from './subsegment.ts'
import type { Tracing } from './tracing.ts'

/** The subsegment of an invocation. */
export class RootSubsegment extends OpenSubsegment implements Root {
  readonly #ended: () => void

  constructor(tracing: Tracing, segment: XRaySegment, ended: () => void) {
    super(tracing, segment)
    this.#ended = ended
  }

  get traceId(): string {
    return this.tracing.trace.root
  }
  /** The user's own code may have set another, which is then a part of this invocation too. */
  active(): Open {
    const segment = this.tracing.instance.provider.getNamespace().get('segment')
    const open = this.tracing.find(segment)
    if (open || !isSubsegment(segment) || segment.isClosed()) return open ?? this
    return new OpenSubsegment(this.tracing, segment)
  }
  override end(failure?: Failure): void {
    this.tracing.closeBelow(this)
    super.end(failure)
    this.#ended()
  }
  /** The SDK sends on its own account, and tells nobody when it has: its datagrams leave with the next turns of the loop. */
  async flush(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await setImmediate()
  }
}

const isSubsegment = (segment: unknown): segment is XRaySegment =>
  (segment as XRaySegment | undefined)?.parent !== undefined
