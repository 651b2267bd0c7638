/** ms before Lambda's timeout, when sources have long answered; of a short time, a quarter. */
const before = 50
/** The longest that setTimeout() can wait. */
const longest = 0x7fff_ffff

interface Pending {
  flush(): void
}

/**
 * Writes what hangs before Lambda ends its environment: without a source nobody else ends it. One timer serves all
 * invocations, armed when none is, and looks at each when it fires.
 */
export class LastMoment {
  /** With the time at which it is due, in ms since the epoch. */
  readonly #pending = new Map<Pending, number>()
  #timer: NodeJS.Timeout | undefined
  #armedFor = Infinity

  /** @param left ms that Lambda leaves */
  add(pending: Pending, left: number): void {
    if (!(left <= longest)) return
    const due = Date.now() + left - Math.min(before, left / 4)
    this.#pending.set(pending, due)
    if (due < this.#armedFor) this.#arm(due)
  }
  delete(pending: Pending): void {
    this.#pending.delete(pending)
  }

  #arm(due: number) {
    this.#armedFor = due
    clearTimeout(this.#timer)
    // Of what is overdue Node would warn.
    this.#timer = setTimeout(() => this.#look(), Math.max(1, due - Date.now())).unref()
  }
  #look() {
    this.#armedFor = Infinity
    const now = Date.now()
    let next = Infinity
    for (const [pending, due] of this.#pending) {
      if (due <= now) pending.flush()
      else next = Math.min(next, due)
    }
    if (next < Infinity) this.#arm(next)
  }
}
