import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lines } from '../test/lines.ts'
import { type LoggerOptions, logger } from './index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('levels', () => {
  const written = async (options: LoggerOptions = {}) =>
    (
      await lines(({ logger }) => (['debug', 'info', 'warn', 'error'] as const).map((level) => logger[level](level)), {
        completion: false,
        ...options,
      })
    ).map(({ message }) => message)

  test.each([
    ['INFO without anything', {}, {}, ['info', 'warn', 'error']],
    ['the option', { level: 'warn' as const }, { POWERTOOLS_LOG_LEVEL: 'DEBUG' }, ['warn', 'error']],
    ['POWERTOOLS_LOG_LEVEL in any case', {}, { POWERTOOLS_LOG_LEVEL: 'debug' }, ['debug', 'info', 'warn', 'error']],
    ['LOG_LEVEL', {}, { LOG_LEVEL: 'Error' }, ['error']],
    ['silence', { level: 'SILENT' as const }, {}, []],
  ])('are %s', async (_, options, env, expected) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    expect(await written(options)).toEqual(expected)
  })

  test('have a floor in AWS_LAMBDA_LOG_LEVEL, which is no ceiling', async () => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN')
    expect(await written({ level: 'debug' })).toEqual([
      'the level DEBUG is less than AWS_LAMBDA_LOG_LEVEL lets through: WARN and above is written',
      'warn',
      'error',
    ])
    expect(await written({ level: 'error' })).toEqual(['error'])
    expect(await written({ level: 'error', sampleRate: 1 })).toEqual(['warn', 'error'])
    const seen: string[] = []
    for (const options of [{ level: 'debug' }, { level: 'error', sampleRate: 1 }] as const)
      await lines(({ logger }) => seen.push(logger.level), { ...options, completion: false })
    expect(seen).toEqual(['WARN', 'WARN'])
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'debug')
    expect(await written({ level: 'trace' })).toContain('debug')
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'FATAL')
    expect(await written({ level: 'critical' })).toEqual([])
  })

  test('that are none are named', async () => {
    expect(() => logger({ level: 'inof' as never })).toThrow('logger(): `level` is no level: did you mean `INFO`?')
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'verbose')
    expect((await written())[0]).toMatch(/^POWERTOOLS_LOG_LEVEL is no level, and is ignored/)
  })

  test('cost nothing where they are not written', async () => {
    const read = vi.fn(() => 1)
    await lines(({ logger }) =>
      logger.debug('x', {
        get expensive() {
          return read()
        },
      }),
    )
    expect(read).not.toHaveBeenCalled()
  })
})

describe('sampling', () => {
  const share = async (sampleRate: number) => {
    let sampled = 0
    const handler = lambda()
      .use(logger({ sampleRate, completion: false }))
      .handle(({ logger }) => {
        if (logger.level === 'DEBUG') sampled++
      })
    for (let i = 0; i < 2000; i++) await handler({}, fakeContext())
    return sampled / 2000
  }

  test('samples what it says', async () => {
    expect(await share(0)).toBe(0)
    expect(await share(1)).toBe(1)
    // Six standard deviations.
    expect(Math.abs((await share(0.01)) - 0.01)).toBeLessThan(0.0134)
    expect(Math.abs((await share(0.5)) - 0.5)).toBeLessThan(0.068)
  })

  test('is of one invocation, and is told', async () => {
    const random = vi.spyOn(Math, 'random')
    const handler = lambda()
      .use(logger({ sampleRate: 0.5, completion: false }))
      .handle(({ logger }) => logger.debug('x'))
    const of = async (value: number) => {
      random.mockReturnValue(value)
      return (await collectLogs(() => handler({}, fakeContext()))).logs.json
    }
    expect(await of(0.49)).toMatchObject([{ level: 'DEBUG', sampling_rate: 0.5 }])
    expect(await of(0.5)).toEqual([])
  })

  test('may come from the environment', async () => {
    vi.stubEnv('POWERTOOLS_LOGGER_SAMPLE_RATE', '1')
    expect(await lines(({ logger }) => logger.debug('x'))).toMatchObject([{ level: 'DEBUG', sampling_rate: 1 }])
  })
})
