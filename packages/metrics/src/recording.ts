import type { Invocation } from '@fnware/core'
import type { Reports } from '@fnware/core/extend'
import type { Definition } from './definition.ts'
import type { LastMoment } from './last-moment.ts'
import { type Added, merged } from './merged.ts'
import { fitting } from './metadata.ts'
import type { Shapes } from './shapes.ts'
import type { Writer } from './writer.ts'

/** What all invocations have in common. */
export interface Plan {
  readonly metrics: ReadonlyMap<string, Definition>
  /** The names of what invocations may set. */
  readonly dimensions: readonly string[]
  /** Names that are a metric's or a dimension's. */
  readonly taken: ReadonlySet<string>
  readonly writer: Writer
  readonly shapes: Shapes
  readonly lastMoment: LastMoment
}

interface Store {
  /** What was added, which it has no longer. */
  take(): Added
}

/** Of one invocation: one that goes on and on does not fill the log. */
const mostWarnings = 20

/** What an invocation has to write when it ends, and to tell. Made where there is something of the kind. */
export class Recording {
  readonly #plan: Plan
  readonly #ctx: Invocation
  readonly #reports: Reports
  #pending: Store[] = []
  #warned: Set<string> | undefined = undefined

  constructor(plan: Plan, ctx: Invocation, reports: Reports) {
    this.#plan = plan
    this.#ctx = ctx
    this.#reports = reports
  }

  /** Something is there to be written. */
  begun(store: Store, name: string): void {
    if (this.#pending.push(store) > 1) return
    try {
      this.#ctx.defer(() => this.flush())
      this.#plan.lastMoment.add(this, this.#ctx.context?.getRemainingTimeInMillis?.() ?? Infinity)
    } catch {
      // It has ended. What is added in the same breath shares a line.
      queueMicrotask(() => this.flush())
      this.warn(
        'late',
        `\`${name}\` was added when the metrics of its invocation had been written: it is written apart`,
      )
    }
  }
  /** Writes all that there is. */
  flush(): void {
    this.#plan.lastMoment.delete(this)
    const all = this.#pending.map((store) => store.take())
    this.#pending = []
    for (const added of all.length > 1 ? merged(all) : all) this.#write(added)
  }
  #write({ dimensions, metadata, timestamp, metrics, values }: Added) {
    const { writer, shapes } = this.#plan
    const tooMuch = (key: string, why: string) =>
      this.warn(`metadata ${key}`, `the metadata \`${key}\` is left out: ${why}`)
    try {
      writer.write({
        shape: shapes.of(dimensions),
        dimensions,
        metrics,
        values,
        metadata: metadata && fitting(metadata, tooMuch),
        timestamp,
      })
    } catch (error) {
      this.warn('write', 'some could not be written', error)
    }
  }

  /** Says it once. */
  warn(what: string, text: string, error?: unknown): void {
    this.#warned ??= new Set()
    if (this.#warned.size >= mostWarnings || this.#warned.has(what)) return
    this.#warned.add(what)
    this.#reports.say('warn', `metrics: ${text}`, error)
  }
}
