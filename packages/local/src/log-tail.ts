/** What Lambda gives back of a log. */
const limit = 4096

/** The last 4 KB of what one invocation wrote, with Lambda's own lines. */
export class LogTail {
  #lines: Buffer[] = []
  #size = 0

  add(line: string): void {
    const bytes = Buffer.from(`${line}\n`)
    this.#lines.push(bytes)
    this.#size += bytes.length
    while (this.#size - this.#lines[0]!.length >= limit) this.#size -= this.#lines.shift()!.length
  }

  /** In base64, as `X-Amz-Log-Result` has it. */
  toString(): string {
    return Buffer.concat(this.#lines).subarray(-limit).toString('base64')
  }
}
