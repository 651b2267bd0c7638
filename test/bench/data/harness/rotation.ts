import { setTimeout as sleep } from 'node:timers/promises'
import type { Aws } from 'test-aws'
import type { Done } from '../process/invoke.ts'
import { parameterNames, type Read, secretIds } from '../stack/values.ts'
import { Environment } from './environment.ts'
import type { Outage, Rotations } from './results.ts'
import { awsWithValues } from './stand-ins.ts'

/** ms between two invocations: a function with some traffic. */
const pause = 10

/**
 * Rotates a secret and a parameter just after they have been fetched, the longest that a new value can go unseen, and looks
 * when an invocation has it; so often. Then AWS fails for longer than the time to live.
 */
export const rotate = async (driver: string, file: string, ttl: number, times: number): Promise<Rotations> => {
  await using aws = await awsWithValues()
  const environment = new Environment(driver, file, { ...aws.environment, BENCH_TTL: String(ttl) })
  const patience = ttl * 2
  const secret: (number | undefined)[] = []
  const parameter: (number | undefined)[] = []
  try {
    await environment.answered()
    // The first is not counted: how old values of INIT are depends on how long the rest of it took.
    for (let turn = 0; turn <= times; turn++) {
      const seen = await seenAfter(environment, aws, `turn ${turn}`, patience)
      // What has not seen it by now will not see the next one.
      const isBlind = seen.secret === undefined && seen.parameter === undefined
      if (turn > 0 || isBlind) {
        secret.push(seen.secret)
        parameter.push(seen.parameter)
      }
      if (isBlind) break
    }
    return { ttl, secret, parameter, patience, outage: await failing(environment, aws, ttl * 1.6) }
  } finally {
    await environment.close()
  }
}

const seenAfter = async (environment: Environment, aws: Aws, value: string, patience: number) => {
  aws.secrets.put(secretIds[0]!, value)
  aws.parameters.put(parameterNames[0]!, value, { type: 'SecureString' })
  const rotated = performance.now()
  const seen: { secret?: number; parameter?: number } = {}
  while (performance.now() - rotated < patience && !(seen.secret && seen.parameter)) {
    const last = (await environment.answered()).last as Read
    const after = performance.now() - rotated
    if (last.secret === value) seen.secret ??= after
    if (last.parameter === value) seen.parameter ??= after
    await sleep(pause)
  }
  return seen
}

const failing = async (environment: Environment, aws: Aws, ms: number): Promise<Outage> => {
  aws.fail('*', { error: 'InternalServiceError', status: 500 })
  const began = performance.now()
  let answered = 0
  let failed = 0
  let slowest = 0
  while (performance.now() - began < ms) {
    let done: Done
    const invoked = performance.now()
    try {
      done = await environment.invoke()
    } catch {
      return { ms, answered, failed, slowest, ended: causeIn(environment.errors) }
    }
    slowest = Math.max(slowest, performance.now() - invoked)
    answered += done.answered
    failed += done.failed.length
    await sleep(pause)
  }
  return { ms, answered, failed, slowest }
}

/** The name of the error that ended a process, by what Node wrote of it. */
const causeIn = (errors: string) => /^(?:Uncaught |\[)?(\w*(?:Error|Exception)\w*)/m.exec(errors)?.[1] ?? 'unknown'
