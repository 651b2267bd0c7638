/** Keeps what was found wrong, a sentence each. */
export class Soundness {
  readonly #faults: string[] = []

  /** What was found wrong so far, and not been taken. */
  get faults(): readonly string[] {
    return this.#faults
  }

  /** For a test that means them: they are not complained about any more. */
  takeFaults(): readonly string[] {
    return this.#faults.splice(0)
  }

  /** @throws Error with every fault */
  expectSound(): void {
    if (this.#faults.length > 0) throw new Error(`Unsound:\n  ${this.#faults.join('\n  ')}`)
  }

  /** @internal What there is, for who waits for more: a fault may be why it does not come. */
  protected described(
    spans: readonly { readonly name: string; readonly id: string; readonly parent: string | undefined }[],
  ): string {
    const there = spans.map(({ name, id, parent }) => ({ name, id, parent }))
    return JSON.stringify(there) + this.#faults.map((fault) => `\n  ${fault}`).join('')
  }

  /** @internal */
  protected report(fault: string): void {
    this.#faults.push(fault)
  }
}
