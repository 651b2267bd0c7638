/**
 * When an answer waits for its spans to be sent. Not while a collector is in trouble: an export that an earlier invocation
 * gave up on is still under way, or the last one failed. Spans are still sent then, beside the invocations that follow, until
 * the collector takes some.
 */
export class Exports {
  readonly #send: () => Promise<unknown>
  readonly #failed: (error: unknown) => void
  #underWay = 0
  #failing = false

  constructor(send: () => Promise<unknown>, failed: (error: unknown) => void) {
    this.#send = send
    this.#failed = failed
  }

  /** Never rejects; undefined where nobody is to wait. */
  flush(): Promise<void> | undefined {
    const waits = this.#underWay === 0 && !this.#failing
    const sent = this.#sent()
    return waits ? sent : undefined
  }

  async #sent() {
    this.#underWay++
    try {
      await this.#send()
      this.#failing = false
    } catch (error) {
      this.#failing = true
      this.#failed(error)
    } finally {
      this.#underWay--
    }
  }
}
