/** What an environment is told, one a line, and answers, one a line. */
export interface Order {
  readonly key: string
}
export interface Answer {
  readonly opened?: number
  readonly discarded?: number
  readonly error?: string
  /** What loads `fetch()`, for 38 ms: nothing here should. */
  readonly undici?: number
}

/** Reads orders, and writes what is answered. */
export const answering = (answer: (order: Order) => Promise<Answer>): void => {
  let rest = ''
  process.stdin.on('data', async (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const line of lines) {
      const answered = await answer(JSON.parse(line)).catch((error: Error) => ({
        error: `${error.name}: ${error.message}`,
      }))
      process.stdout.write(`${JSON.stringify(answered)}\n`)
    }
  })
  process.stdin.on('end', () => process.exit(0))
  process.stdout.write('{}\n')
}
