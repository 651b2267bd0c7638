import { Logger as Powertools } from '@aws-lambda-powertools/logger'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { type LoggerOptions, logger } from './index.ts'

class Mine extends Error {
  override readonly name = 'Mine'
  readonly code = 7
}

/** Its development mode adds where it traced. */
const others = ['debug', 'info', 'warn', 'error', 'critical'] as const

/** Everything that is written of one invocation, as it is written. */
const written = async (options: LoggerOptions) => {
  const handler = lambda()
    .use(logger({ level: 'TRACE', ...options, completion: false }))
    .handle(({ logger }) => {
      for (const level of process.env.POWERTOOLS_DEV ? others : (['trace', ...others] as const))
        logger[level](level, { n: 1, nested: { list: [1, null, { a: '' }] }, empty: '', none: null, big: 5n })
      logger.info('', { function_name: undefined, cold_start: 'mine', date: new Date(0), fn: () => 1 })
      logger.error('failed', new Mine('outer', { cause: new TypeError('inner') }))
      logger.error('failed', { several: [new AggregateError([new Mine('one')], 'all')] })
      logger.info('hostile', JSON.parse('{"__proto__":{"a":1},"b":2}'))
    })
  const { logs } = await collectLogs(() => handler({}, fakeContext({ awsRequestId: 'id-1', functionName: 'orders' })))
  return { stdout: logs.stdout, stderr: logs.stderr }
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

test.each<Readonly<Record<string, string>>>([
  {},
  { POWERTOOLS_SERVICE_NAME: ' named ', _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' },
  { TZ: ':UTC', AWS_LAMBDA_LOG_LEVEL: 'WARN' },
  { TZ: 'Asia/Kolkata' },
  { TZ: 'America/New_York', POWERTOOLS_DEV: 'true' },
  { TZ: 'Asia/Kathmandu', POWERTOOLS_DEV: '1' },
])('writes what Powertools’ own logger writes: %o', async (env) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 1, 3, 4, 5, 6, 7) })
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  await written({})
  const ours = await written({})
  expect(ours.stderr).toContain('CRITICAL')
  expect(ours).toEqual(await written({ logger: new Powertools() }))
})

test('takes the service that it is given', async () => {
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'other')
  const { stdout } = await written({ service: 'mine' })
  expect(stdout).toContain('"service":"mine"')
  expect(stdout).not.toContain('other')
})

test('gives the hours west of UTC that are no whole ones', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 1, 3, 4, 5, 6, 7) })
  vi.stubEnv('TZ', 'America/St_Johns')
  // Powertools says -04:30.
  expect((await written({})).stdout).toContain('"timestamp":"2026-02-03T00:35:06.007-03:30"')
})
