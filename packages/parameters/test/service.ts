import { type Aws, startAws } from 'test-aws'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'

export interface Service {
  readonly aws: Aws
  /** A parameter that nobody else uses; its name. */
  put(value: string, type?: Parameters<Aws['parameters']['put']>[2]): string
  /** A path that nobody else uses, with values below it. */
  below(values: Readonly<Record<string, string>>): string
  /** What was called since this was last asked: the operation, and how many names it had. */
  called(): string[]
}

/** Systems Manager, KMS and the extension, healthy and forgetful at the beginning of each test of a file. */
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
    aws.calls.length = 0
    // No pause before another attempt, and values that age after 75 % of their time.
    vi.spyOn(Math, 'random').mockReturnValue(0)
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
    put: (value, type) => {
      const name = `/test/parameter-${++count}`
      aws.parameters.put(name, value, type)
      return name
    },
    below: (values) => {
      const path = `/test/path-${++count}/`
      for (const [name, value] of Object.entries(values)) aws.parameters.put(`${path}${name}`, value)
      return path
    },
    called: () =>
      aws.calls.splice(0).map(({ operation, input }) => {
        const { Names } = input as { Names?: readonly string[] }
        return Names ? `${operation} ${Names.length}` : operation
      }),
  }
}

/** From here on the clock stands still but for this: moves it on by so many ms. */
export const clock = (): ((ms: number) => void) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  return (ms) => {
    vi.setSystemTime(Date.now() + ms)
  }
}
