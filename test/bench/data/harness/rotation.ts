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
 * Rotates a secret and a parameter, each just after the last value of it was seen, and so fetched: the longest that a new
 * value can go unseen; so often. Then AWS fails for longer than the time to live.
 */
export const rotate = async (driver: string, file: string, ttl: number, times: number): Promise<Rotations> => {
  await using aws = await awsWithValues()
  const environment = new Environment(driver, file, { ...aws.environment, BENCH_TTL: String(ttl) })
  const patience = ttl * 2
  try {
    await environment.answered()
    const secret = new Rotation(times, patience, (value) => aws.secrets.put(secretIds[0]!, value))
    const parameter = new Rotation(times, patience, (value) =>
      aws.parameters.put(parameterNames[0]!, value, { type: 'SecureString' }),
    )
    while (!secret.isOver || !parameter.isOver) {
      const last = (await environment.answered()).last as Read
      secret.look(last.secret)
      parameter.look(last.parameter)
      await sleep(pause)
    }
    const outage = await failing(environment, aws, ttl * 1.6)
    return { ttl, secret: secret.seen, parameter: parameter.seen, patience, outage }
  } finally {
    await environment.close()
  }
}

/** What is rotated again and again, each time as soon as its new value was seen. */
class Rotation {
  readonly seen: (number | undefined)[] = []
  readonly #times: number
  readonly #patience: number
  readonly #put: (value: string) => void
  /** The first is not counted: how old a value of INIT is depends on how long the rest of it took. */
  #turn = -1
  #rotated = 0

  constructor(times: number, patience: number, put: (value: string) => void) {
    this.#times = times
    this.#patience = patience
    this.#put = put
    this.#next()
  }

  get isOver(): boolean {
    return this.seen.length > 0 && (this.seen.length === this.#times || this.seen.at(-1) === undefined)
  }

  /** @param value what an invocation has just had */
  look(value: unknown): void {
    if (this.isOver) return
    const after = performance.now() - this.#rotated
    if (value === this.#value) {
      if (this.#turn > 0) this.seen.push(after)
      this.#next()
      // What has not seen it by now will not see the next one.
    } else if (after > this.#patience) this.seen.push(undefined)
  }

  get #value() {
    return `turn ${this.#turn}`
  }

  #next() {
    this.#turn++
    this.#put(this.#value)
    this.#rotated = performance.now()
  }
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
