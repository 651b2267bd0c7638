/**
 * Seconds since 1970, of sub-millisecond precision: the wall clock as it was when this began, and a monotonic one from
 * then on. One for each invocation, since an environment may be frozen between them, or begun from a snapshot.
 */
export class Clock {
  readonly #began = Date.now() / 1000
  readonly #ticks = process.hrtime.bigint()

  now(): number {
    return this.at(process.hrtime.bigint())
  }
  at(ticks: bigint): number {
    // A microsecond is what a number of this size holds.
    return Math.round((this.#began + Number(ticks - this.#ticks) / 1e9) * 1e6) / 1e6
  }
}
