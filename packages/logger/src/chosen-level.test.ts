import { type Handler, lambda, resource } from '@fnware/core'
import { parameter, parameters } from '@fnware/parameters'
import { collectLogs, fakeContext } from '@fnware/testing'
import { type Aws, startAws } from 'test-aws'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Logger, logger } from './index.ts'

let aws: Aws
beforeAll(async () => {
  aws = await startAws()
})
afterAll(() => aws.close())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** What an invocation writes, by its messages. */
const writes = async (handler: Handler<unknown, unknown>) =>
  (await collectLogs(() => handler({}, fakeContext()))).logs.json.map(({ message }) => message)
const each = ({ logger }: { logger: Logger }) => {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level](level)
}

test('the level is what a parameter says, which may change while the environment lives', async () => {
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  const made = vi.fn()
  aws.parameters.put('/app/log-level', 'warn')
  const handler = lambda()
    .use(resource('once', { init: made }))
    .use(parameters({ logLevel: parameter('/app/log-level') }, { ttl: 60_000 }))
    .use(logger({ completion: false, level: ({ parameters }) => parameters.logLevel }))
    .handle(each)
  const after = async (value: string) => {
    aws.parameters.put('/app/log-level', value)
    vi.setSystemTime(Date.now() + 61_000)
    return await writes(handler)
  }
  expect(await writes(handler)).toEqual(['warn', 'error'])
  expect(await after('DEBUG')).toEqual(['debug', 'info', 'warn', 'error'])
  expect(await writes(handler)).toHaveLength(4)
  expect(await after('error')).toEqual(['error'])
  // What is no level is told once, and the last one holds.
  expect(await after('inof')).toEqual([
    'logger(): `level` gave what is no level: did you mean `INFO`?: ERROR holds',
    'error',
  ])
  expect(await writes(handler)).toEqual(['error'])
  expect(await after('info')).toEqual(['info', 'warn', 'error'])
  expect(await after('inof')).toContain('logger(): `level` gave what is no level: did you mean `INFO`?: INFO holds')
  expect(made).toHaveBeenCalledTimes(1)
  await handler.dispose()
})

const giving = (select: () => unknown, options: object = {}) =>
  lambda()
    .use(logger({ completion: false, level: select as () => string, ...options }))
    .handle(each)

test('where it gives nothing, the ordinary level holds', async () => {
  let given: string | undefined = 'error'
  const handler = giving(() => given)
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'WARN')
  const other = giving(() => given)
  expect(await writes(other)).toEqual(['error'])
  given = undefined
  expect(await writes(handler)).toEqual(['info', 'warn', 'error'])
  expect(await writes(other)).toEqual(['warn', 'error'])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('no parameters')
    },
    'logger(): `level` failed: INFO holds',
  ],
  ['gives a promise', async () => 'error', 'logger(): `level` gave what is no level: INFO holds'],
  ['gives no text', () => 5, 'logger(): `level` gave what is no level: INFO holds'],
])('where it %s, that is told once, and the ordinary level holds', async (_, select, message) => {
  const handler = giving(select)
  expect(await writes(handler)).toEqual([message, 'info', 'warn', 'error'])
  expect(await writes(handler)).toEqual(['info', 'warn', 'error'])
})

test('AWS_LAMBDA_LOG_LEVEL stays the floor', async () => {
  vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN')
  let given = 'debug'
  const { result: handler, logs } = await collectLogs(() => giving(() => given))
  // Nobody has asked for less yet.
  expect(logs.text).toEqual([])
  expect(await writes(handler)).toEqual(['warn', 'error'])
  given = 'error'
  expect(await writes(handler)).toEqual(['error'])
})

test('what is read of it never shows in a line', async () => {
  const { logs } = await collectLogs(() => giving(() => 'hunter2-of-the-test')({}, fakeContext()))
  expect(logs.stdout + logs.stderr).not.toContain('hunter2')
})

test('samples down to DEBUG from whatever it gives', async () => {
  expect(await writes(giving(() => 'error', { sampleRate: 1 }))).toEqual(['debug', 'info', 'warn', 'error'])
  expect(await writes(giving(() => 'trace', { sampleRate: 1 }))).toHaveLength(4)
})
