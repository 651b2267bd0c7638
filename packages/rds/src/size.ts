export interface SizeOptions {
  /** Connections that one process, or worker thread, has at most. */
  readonly max?: number | undefined
  /** Connections that one execution environment has at most, with all of its worker threads; 32 by default. */
  readonly budget?: number | undefined
}

/**
 * How many connections a pool has at most: one where invocations run one at a time; as many as invocations run at once
 * in this worker, within the budget, under multi-concurrency. Every worker has one at least.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html
 */
export const poolSize = ({ max, budget = 32 }: SizeOptions, env: NodeJS.ProcessEnv = process.env): number => {
  if (max !== undefined) return Math.max(1, Math.floor(max))
  const concurrency = Number(env.AWS_LAMBDA_MAX_CONCURRENCY)
  if (!(concurrency > 1)) return 1
  const workers =
    Number(env.AWS_LAMBDA_NODEJS_WORKER_COUNT) || 8 * process.getBuiltinModule('node:os').availableParallelism()
  return Math.max(1, Math.min(Math.ceil(concurrency / workers), Math.floor(budget / workers)))
}
