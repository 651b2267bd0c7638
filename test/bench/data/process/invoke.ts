import { context } from '../../process/context.ts'

/** The process of one environment: invokes a bundled function as often as it is told, and tells what came of it. */
export interface Order {
  readonly times: number
  /** How many run at once. */
  readonly atOnce: number
}
export interface Done {
  readonly answered: number
  /** Messages of those that failed. */
  readonly failed: readonly string[]
  /** What the last answered. */
  readonly last: unknown
}

const { handler } = (await import(process.argv[2]!)) as {
  handler: (event: unknown, context: unknown) => Promise<{ ok?: boolean }>
}

const invoke = async ({ times, atOnce }: Order): Promise<Done> => {
  const done = { answered: 0, failed: [] as string[], last: undefined as unknown }
  let left = times
  const one = async () => {
    while (left-- > 0) {
      try {
        const answer = await handler({}, context())
        if (answer?.ok !== true) throw new Error(`answered ${JSON.stringify(answer)}`)
        done.last = answer
        done.answered++
      } catch (error) {
        done.failed.push(String(error))
      }
      // As between two of Lambda's: timers and what was closed get their turn.
      if (left % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return done
}

process.on('message', async (order: Order) => process.send!(await invoke(order)))
process.on('disconnect', () => process.exit())
