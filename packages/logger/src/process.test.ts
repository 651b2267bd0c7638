import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// What Powertools writes through a console of its own, and what holds of the first invocation alone.
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, '../test/process-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let count = 0
/** Runs a module in an environment of its own, and gives each line that it wrote, parsed. */
const run = async (code: string, env: Readonly<Record<string, string>>) => {
  const file = join(folder, `${++count}.ts`)
  const prelude = `import { lambda } from '@fnware/core'
    import { logger } from '@fnware/logger'
    import { fakeContext } from '@fnware/testing'
    const invoke = (handler, event = {}) => handler(event, fakeContext({ awsRequestId: event.id })).catch(() => {})\n`
  await writeFile(file, prelude + code)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--conditions=@fnware/source', file], {
    env: { PATH: process.env.PATH, ...env },
    maxBuffer: 64 * 1024 * 1024,
  })
  const parsed = (text: string) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
  return { out: parsed(stdout), err: parsed(stderr) }
}

const lambdaEnv = { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand', POWERTOOLS_SERVICE_NAME: 'orders' }

describe('a process under Lambda', () => {
  test('writes every line to stdout, whatever its level', async () => {
    const { out, err } = await run(
      `const handler = lambda().use(logger({ level: 'trace' })).handle(({ logger }) => {
        for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'critical']) logger[level](level, { token: 'hush' })
        throw new Error('boom')
      })
      await invoke(handler, { id: 'a' })`,
      lambdaEnv,
    )
    expect(err).toEqual([])
    expect(out.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'TRACE trace',
      'DEBUG debug',
      'INFO info',
      'WARN warn',
      'ERROR error',
      'CRITICAL critical',
      'ERROR the invocation failed',
      'ERROR function error',
    ])
    for (const line of out)
      expect(line).toMatchObject({ service: 'orders', function_request_id: 'a', cold_start: true, sampling_rate: 0 })
    for (const line of out.slice(0, 6)) expect(line).toMatchObject({ token: '[redacted]' })
  })

  test.each([
    ['on-demand', ['a']],
    [undefined, ['a']],
    ['provisioned-concurrency', []],
    ['snap-start', []],
    ['lambda-managed-instances', []],
  ])('starts cold for one invocation at most: %s', async (type, cold) => {
    const { out } = await run(
      `const handler = lambda().use(logger()).handle(() => new Promise((resolve) => setImmediate(resolve)))
      await Promise.all([...'abcdefgh'].map((id) => invoke(handler, { id })))
      await invoke(handler, { id: 'later' })`,
      type ? { AWS_LAMBDA_INITIALIZATION_TYPE: type } : {},
    )
    expect(out).toHaveLength(9)
    expect(out.filter(({ cold_start }) => cold_start).map(({ function_request_id }) => function_request_id)).toEqual(
      cold,
    )
  })

  test('keeps 64 invocations apart where an environment takes several at once', async () => {
    const { out, err } = await run(
      `import { AsyncLocalStorage } from 'node:async_hooks'
      // What Lambda's runtime provides there, which Powertools insists on.
      const store = new AsyncLocalStorage()
      globalThis.awslambda = { InvokeStore: {
        hasContext: () => store.getStore() !== undefined,
        get: (key) => store.getStore()?.get(key),
        set: (key, value) => store.getStore().set(key, value),
        getXRayTraceId: () => undefined,
      } }
      const turn = () => new Promise((resolve) => Math.random() < 0.5 ? setImmediate(resolve) : setTimeout(resolve, Math.random() * 5))
      const handler = lambda().use(logger({ sampleRate: 0.5 })).handle(async ({ event, logger }) => {
        logger.appendKeys({ own: event.id })
        for (let i = 0; i < 5; i++) {
          await turn()
          logger.info('line', { extra: event.id })
          logger.child({ child: event.id }).debug('child')
        }
        if (event.id.endsWith('3')) throw new Error(event.id)
      })
      await Promise.all(Array.from({ length: 64 }, (_, i) => store.run(new Map(), () => invoke(handler, { id: 'id-' + i }))))`,
      { ...lambdaEnv, AWS_LAMBDA_MAX_CONCURRENCY: '64', _X_AMZN_TRACE_ID: 'Root=1-nobodys' },
    )
    const all = [...out, ...err]
    for (const { function_request_id: id, own, extra, child, correlation_id, error, xray_trace_id } of all) {
      expect([own, correlation_id, xray_trace_id]).toEqual([id, id, undefined])
      expect([undefined, id]).toContain(extra)
      expect([undefined, id]).toContain(child)
      if (error) expect(error).toMatchObject({ message: id })
    }
    expect(all.filter(({ duration_ms }) => duration_ms !== undefined)).toHaveLength(64)
    const sampled = new Set(
      all.filter(({ level }) => level === 'DEBUG').map(({ function_request_id }) => function_request_id),
    )
    for (const id of sampled)
      expect(all.filter((line) => line.function_request_id === id && line.child === id)).toHaveLength(5)
  })
})
