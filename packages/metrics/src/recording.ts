import type { Invocation } from '@fnware/core'
import { type Reports, reportsOf } from '@fnware/core/extend'

/** What was added with the same dimensions. */
interface Store {
  write(): void
}

/** Of one invocation: one that goes on and on does not fill the log. */
const mostWarnings = 20

/** What an invocation has to write when it ends, and to tell. Made where there is something of the kind. */
export class Recording {
  readonly #ctx: Invocation
  /** Taken while the invocation is there to be asked. */
  readonly #reports: Reports
  #pending: Store[] = []
  #warned: Set<string> | undefined = undefined
  /** By their dimensions: those that are asked for twice are the same, so that their values share a line. */
  #children: Map<string, Store> | undefined = undefined

  constructor(ctx: Invocation) {
    this.#ctx = ctx
    this.#reports = reportsOf(ctx)
  }

  /** Something is there to be written. */
  begun(store: Store, name: string): void {
    if (this.#pending.push(store) > 1) return
    try {
      this.#ctx.defer(() => this.#flush())
    } catch {
      // It has ended. What is added in the same breath shares a line.
      queueMicrotask(() => this.#flush())
      this.warn(
        'late',
        `\`${name}\` was added when the metrics of its invocation had been written: it is written apart`,
      )
    }
  }
  #flush() {
    const pending = this.#pending
    this.#pending = []
    for (const store of pending) {
      try {
        store.write()
      } catch (error) {
        this.warn('write', 'some could not be written', error)
      }
    }
  }

  child<S extends Store>(key: string, make: () => S): S {
    this.#children ??= new Map()
    let child = this.#children.get(key) as S | undefined
    if (!child) {
      child = make()
      this.#children.set(key, child)
    }
    return child
  }
  changed(key: string): void {
    this.#children?.delete(key)
  }

  /** Says it once. */
  warn(what: string, text: string, error?: unknown): void {
    this.#warned ??= new Set()
    if (this.#warned.size >= mostWarnings || this.#warned.has(what)) return
    this.#warned.add(what)
    this.#reports.say('warn', `metrics: ${text}`, error)
  }
}
