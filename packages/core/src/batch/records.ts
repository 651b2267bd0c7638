/** How a record ended: `undone` where it did not run, or not to its end. */
export type State = 'done' | 'failed' | 'undone'

/** A batch's records, and how each of them went. */
export class Records<Record> {
  readonly all: readonly Record[]
  readonly #states: State[]
  /** What the function returned, or what was thrown, by place; what it returned only where the service is told of it. */
  readonly #values: unknown[] | undefined
  readonly #errors = new Map<number, Error>()
  /** How many are done. */
  done = 0

  constructor(all: readonly Record[], keepsValues: boolean) {
    this.all = all
    this.#states = new Array(all.length).fill('undone')
    this.#values = keepsValues ? new Array(all.length) : undefined
  }

  state(at: number): State {
    return this.#states[at] as State
  }
  /** What the function returned for the record, where the service is told of each. */
  value(at: number): unknown {
    return this.#values?.[at]
  }
  error(at: number): Error | undefined {
    return this.#errors.get(at)
  }
  /** What was thrown, in the order of the records. */
  get errors(): readonly Error[] {
    return [...this.#errors].sort(([a], [b]) => a - b).map(([, error]) => error)
  }
  /** Those that are to be brought again, in their order. */
  get undone(): readonly Record[] {
    return this.all.filter((_, at) => this.#states[at] !== 'done')
  }

  succeed(at: number, value: unknown): void {
    this.#states[at] = 'done'
    this.#errors.delete(at)
    this.done++
    if (this.#values) this.#values[at] = value
  }
  fail(at: number, error: Error): void {
    this.#states[at] = 'failed'
    this.#errors.set(at, error)
  }
}
