/**
 * Sends spans when invocations end: one export at a time, since exporters refuse what is sent while too much is under way; those
 * who end meanwhile share the next.
 *
 * No answer waits while a collector is in trouble: the last export failed, or the one that is under way is older than the
 * invocation, and so has outlasted the patience of another. Spans are still sent then, beside the invocations that follow,
 * until the collector takes some.
 */
export class Exports {
  readonly #send: () => Promise<unknown>
  readonly #failed: (error: unknown) => void
  #underWay: Promise<void> | undefined
  #next: Promise<void> | undefined
  #failing = false

  constructor(send: () => Promise<unknown>, failed: (error: unknown) => void) {
    this.#send = send
    this.#failed = failed
  }

  /** The export that is under way. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay
  }

  /**
   * Never rejects; undefined where nobody is to wait.
   * @param earlier what was under way when the invocation began
   */
  flush(earlier: Promise<void> | undefined): Promise<void> | undefined {
    const waits = !this.#failing && (earlier === undefined || earlier !== this.#underWay)
    const sent = this.#underWay ? this.#after(this.#underWay) : this.#begin()
    return waits ? sent : undefined
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
      this.#failing = false
    } catch (error) {
      this.#failing = true
      this.#failed(error)
    } finally {
      this.#underWay = undefined
    }
  }
}
