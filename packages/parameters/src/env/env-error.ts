/** What is wrong with one variable. */
export interface EnvFault {
  /** The variable; empty where no single one is at fault. */
  readonly name: string
  /** Where in what the schema made of it, as a JSON pointer; mostly empty. */
  readonly field: string
  /** What is wrong, in words that hold nothing of the value. */
  readonly message: string
}

/** Environment variables that do not fit their schema: all that are wrong, and never a value. */
export class EnvError extends Error {
  override readonly name: string = 'EnvError'
  readonly faults: readonly EnvFault[]
  constructor(faults: readonly EnvFault[], options?: ErrorOptions) {
    const words = faults.map(
      ({ name, field, message }) => `${name && `\`${name}\` `}${field && `at ${field} `}${message}`,
    )
    super(`environment variables in the function's configuration: ${words.join('; ')}`, options)
    this.faults = faults
  }
}
