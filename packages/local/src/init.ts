import type { Environment } from './environment.ts'
import { type Failure, timedOut } from './failures.ts'

/** ms that INIT may take on Lambda Managed Instances, where nobody waits for it */
const managedLimit = (timeout: number) => Math.max(130, timeout) * 1000

/**
 * Waits for INIT, no longer than Lambda does.
 * @param limit ms that it may take where one invocation runs at a time
 */
export function firstInit(environment: Environment, limit: number): Promise<Failure | undefined> {
  const most = environment.many ? managedLimit(environment.options.function.timeout ?? 3) : limit
  const errorMessage = `INIT was not over after ${(most / 1000).toFixed(2)} seconds`
  return within(environment, most, { errorType: 'Sandbox.Timedout', errorMessage, trace: [] })
}

/** Waits for the INIT that Lambda begins once more within an invocation, after one that was too slow. */
export const secondInit = (
  environment: Environment,
  requestId: string,
  timeout: number,
): Promise<Failure | undefined> => within(environment, timeout * 1000, timedOut(requestId, timeout))

async function within(environment: Environment, limit: number, failure: Failure): Promise<Failure | undefined> {
  const timer = setTimeout(() => environment.debugged || environment.fail(failure), limit)
  try {
    return await environment.initialised
  } finally {
    clearTimeout(timer)
  }
}
