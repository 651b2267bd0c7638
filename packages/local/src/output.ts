/** A function that writes without end in the background must not hold up its next invocation. */
const flushTurns = 1000

/** What a function's process writes. */
export class Output {
  readonly #inspected: boolean
  readonly #onLine: (line: string) => void
  #lines = 0
  /** Whether a debugger has attached. */
  debugged = false
  /** Settles when all that was written before the last answer has come. */
  flushed: Promise<void> = Promise.resolve()

  constructor(inspected: boolean, onLine: (line: string) => void) {
    this.#inspected = inspected
    this.#onLine = onLine
  }

  line(line: string, stream: 'stdout' | 'stderr'): void {
    if (this.#inspected && stream === 'stderr') {
      if (line === 'Debugger attached.') this.debugged = true
      if (/^(Debugger (attached\.|listening on |ending on )|For help, see: |Waiting for the debugger)/.test(line))
        return
    }
    this.#lines++
    this.#onLine(line)
  }

  /** What was written before the answer is in the pipe already: read until a turn brings no more. */
  flush(then: () => void): void {
    this.flushed = this.#read().then(then)
  }
  async #read(): Promise<void> {
    let seen = -1
    for (let turn = 0; seen !== this.#lines && turn < flushTurns; turn++) {
      seen = this.#lines
      await new Promise(setImmediate)
    }
  }
}
