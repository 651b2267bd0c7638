import type { Context } from 'aws-lambda'

/** What the line that ends an invocation says, as fnware's does. */
export const completion = (context: Context, started: number, error?: unknown): Record<string, unknown> => ({
  outcome: error === undefined ? 'success' : 'error',
  duration_ms: Math.round((performance.now() - started) * 100) / 100,
  remaining_ms: context.getRemainingTimeInMillis(),
  ...(error !== undefined && { error_name: (error as Error).name }),
})

export const completionMessage = ({ functionName }: Context, error?: unknown): string =>
  `${functionName} ${error === undefined ? 'success' : 'error'}`
