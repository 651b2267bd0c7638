/** Wakes those who wait for something to have arrived. */
export class Watch<T> {
  readonly #waiting = new Set<() => void>()
  readonly #now: () => T

  constructor(now: () => T) {
    this.#now = now
  }

  changed(): void {
    for (const look of this.#waiting) look()
  }

  /** @throws Error with what there is, after `timeout` ms */
  until(enough: (now: T) => boolean, timeout: number, described: () => string): Promise<T> {
    return new Promise((done, failed) => {
      const look = () => {
        try {
          if (!enough(this.#now())) return
          done(this.#now())
        } catch (error) {
          failed(error)
        }
        this.#waiting.delete(look)
        clearTimeout(timer)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        failed(new Error(`Not within ${timeout} ms. There is: ${described()}`))
      }, timeout)
      this.#waiting.add(look)
      look()
    })
  }
}
