/**
 * Sends spans when invocations end: one export at a time, since exporters refuse what is sent while too much is under way; those
 * who end meanwhile share the next.
 *
 * No answer waits while a collector is in trouble: the last export failed, or one has outlasted somebody's patience. Spans are
 * still sent then, beside the invocations that follow, until the collector takes some.
 */
export class Exports {
  readonly #send: () => Promise<unknown>
  readonly #failed: (error: unknown) => void
  #underWay: Promise<void> | undefined
  #next: Promise<void> | undefined
  #troubled = false

  constructor(send: () => Promise<unknown>, failed: (error: unknown) => void) {
    this.#send = send
    this.#failed = failed
  }

  /**
   * Never rejects; undefined where nobody is to wait.
   * @param patience ms that somebody waits
   */
  flush(patience: number): Promise<void> | undefined {
    const sent = this.send()
    if (this.#troubled) return undefined
    const timer = setTimeout(() => {
      this.#troubled = true
    }, patience)
    return sent.finally(() => clearTimeout(timer))
  }

  /** Never rejects. */
  send(): Promise<void> {
    return this.#underWay ? this.#after(this.#underWay) : this.#begin()
  }

  #after(underWay: Promise<void>): Promise<void> {
    this.#next ??= underWay.then(() => {
      this.#next = undefined
      return this.#begin()
    })
    return this.#next
  }
  #begin(): Promise<void> {
    const sent = this.#sent()
    this.#underWay = sent
    return sent
  }
  async #sent() {
    // It counts as under way before it can have failed.
    await null
    try {
      await this.#send()
      this.#troubled = false
    } catch (error) {
      this.#troubled = true
      this.#failed(error)
    } finally {
      this.#underWay = undefined
    }
  }
}
