import { type Aws, startAws } from 'test-aws'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'

export interface Service {
  readonly aws: Aws
  /** A secret that nobody else uses; its name. */
  create(value: Parameters<Aws['secrets']['create']>[1]): string
  /** The operations that were called since this was last asked. */
  called(): string[]
}

/** Secrets Manager and the extension, healthy and forgetful at the beginning of each test of a file. */
export const service = (): Service => {
  let aws: Aws
  let count = 0
  beforeAll(async () => {
    aws = await startAws()
  })
  afterAll(() => aws.close())
  beforeEach(() => {
    aws.heal()
    aws.latency = 0
    aws.extension.ready = true
    aws.extension.ttl = 0
    aws.calls.length = 0
    for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value)
    vi.stubEnv('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT', String(aws.extension.port))
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })
  return {
    get aws() {
      return aws
    },
    create: (value) => {
      const name = `test/secret-${++count}`
      aws.secrets.create(name, value)
      return name
    },
    called: () => aws.calls.splice(0).map(({ operation }) => operation),
  }
}

/** From here on the clock stands still but for this: moves it on by so many ms. */
export const clock = (): ((ms: number) => void) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  return (ms) => {
    vi.setSystemTime(Date.now() + ms)
  }
}
