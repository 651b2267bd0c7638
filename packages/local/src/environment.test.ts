import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { processesWith, running, taskRoot, until } from './testing.ts'

const parse = (result: { payload: string }) => JSON.parse(result.payload) as never

test('many invocations at once: each environment runs one at a time, none mixes with another', async () => {
  const { lambda, events } = await running({
    f: `let inside = 0, served = 0
      export const handler = async ({ n }, { awsRequestId }) => {
        const together = ++inside
        await new Promise(r => setTimeout(r, 1 + (n * 7) % 20))
        console.log('of', n)
        inside--
        return { n, together, served: ++served, pid: process.pid, awsRequestId }
      }`,
  })
  const numbers = Array.from({ length: 60 }, (_, n) => n)
  const queue = [...numbers]
  const results: { n: number; together: number; pid: number; awsRequestId: string; requestId: string }[] = []
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let n = queue.shift(); n !== undefined; n = queue.shift()) {
        const result = await lambda.invoke('f', { n })
        results.push({ ...(parse(result) as object), requestId: result.requestId } as never)
      }
    }),
  )
  expect(results.map(({ n }) => n).sort((a, b) => a - b)).toEqual(numbers)
  for (const { together, awsRequestId, requestId } of results) {
    expect(together).toBe(1)
    expect(awsRequestId).toBe(requestId)
  }
  const pids = new Set(results.map(({ pid }) => pid))
  expect(pids.size).toBeGreaterThan(1)
  expect(pids.size).toBeLessThanOrEqual(6)
  expect(new Set(results.map(({ awsRequestId }) => awsRequestId)).size).toBe(60)
  await until(() => events.filter(({ type }) => type === 'report').length === 60)
  // Each log line is of the invocation that wrote it, between its START and its END.
  for (const { n, awsRequestId } of results) {
    const own = events.filter((event) => 'requestId' in event && event.requestId === awsRequestId)
    expect(own.map(({ type }) => type)).toEqual(['start', 'log', 'end', 'report'])
    expect((own[1] as { line: string }).line).toMatch(new RegExp(`\\t${awsRequestId}\\tINFO\\tof ${n}$`))
  }
})

test('one after another: one warm environment, its INIT in the first REPORT alone', async () => {
  const { lambda, events } = await running({ f: 'export const handler = async () => process.pid' })
  const pids = new Set<unknown>()
  for (let i = 0; i < 20; i++) pids.add(parse(await lambda.invoke('f')))
  expect(pids.size).toBe(1)
  await until(() => events.filter(({ type }) => type === 'report').length === 20)
  const reports = events.filter((event) => event.type === 'report')
  expect(reports.filter(({ init }) => init !== undefined)).toEqual([reports[0]])
  expect(reports[0]!.billed).toBe(Math.ceil(reports[0]!.duration + reports[0]!.init!))
  expect(reports[0]!.line).toMatch(
    /^REPORT RequestId: [-0-9a-f]{36}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t$/,
  )
  expect(events.find(({ type }) => type === 'start')).toMatchObject({
    line: expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST$/),
  })
  expect(events.find(({ type }) => type === 'end')).toMatchObject({
    line: expect.stringMatching(/^END RequestId: \S+$/),
  })
})

test('the process’s environment is Lambda’s, not the developer’s', async () => {
  vi.stubEnv('MY_SECRET_SHELL', 'leaks')
  vi.stubEnv('NODE_OPTIONS', '')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_PROFILE', 'dev')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { lambda } = await running(
    {
      orders: {
        source:
          'export const handler = async () => ({ env: process.env, cwd: process.cwd(), argv: process.argv.length })',
        environment: { TABLE: 'orders', TZ: 'Europe/Berlin' },
        memory: 512,
        logFormat: 'JSON',
        logLevel: 'WARN',
      },
    },
    { region: 'eu-central-1' },
  )
  const { env, cwd } = parse(await lambda.invoke('orders')) as { env: Record<string, string>; cwd: string }
  expect(env).toMatchObject({
    _HANDLER: 'index.handler',
    LAMBDA_TASK_ROOT: cwd,
    AWS_LAMBDA_FUNCTION_NAME: 'orders',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: 'WARN',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_PROFILE: 'dev',
    LANG: 'en_US.UTF-8',
    TABLE: 'orders',
    TZ: 'Europe/Berlin',
  })
  for (const name of ['MY_SECRET_SHELL', 'NODE_OPTIONS', 'HOME', 'USER', 'VITEST']) expect(env).not.toHaveProperty(name)
  expect(cwd).toBe(lambda.functions[0]!.options.code)
})

test('after close() no process is left: not idle, busy, or starting ones, nor what they started, nor the deaf', async () => {
  const mark = `mark-${process.pid}-${Date.now()}`
  const deaf = "process.on('SIGTERM', () => {});"
  const { lambda } = await running({
    idle: { source: 'export const handler = async () => 1', environment: { MARK: mark } },
    busy: {
      source: `${deaf} export const handler = () => new Promise(r => setTimeout(r, 60_000))`,
      timeout: 60,
      environment: { MARK: mark },
    },
    parent: {
      source: `import { spawn } from 'node:child_process'; spawn('sleep', ['60']); export const handler = async () => 1`,
      environment: { MARK: mark },
    },
    starting: { source: `${deaf} await new Promise(r => setTimeout(r, 60_000))`, environment: { MARK: mark } },
  })
  await lambda.listen()
  await Promise.all([lambda.invoke('idle'), lambda.invoke('parent')])
  const open = [lambda.invoke('busy'), lambda.invoke('starting')]
  // idle, busy, parent and its sleep, starting
  await until(() => processesWith(mark).length === 5)
  const begun = performance.now()
  await lambda.close()
  expect(performance.now() - begun).toBeLessThan(5000)
  expect(processesWith(mark)).toEqual([])
  for (const result of await Promise.all(open)) expect(result.functionError).toBe('Unhandled')
  await expect(fetch(lambda.url)).rejects.toThrow()
  await expect(lambda.invoke('idle')).rejects.toThrow('closed')
  await lambda.close()
})

test.each(['SIGKILL', 'SIGTERM'] as const)('when the parent dies of %s, its environments end', async (signal) => {
  const mark = `mark-${process.pid}-${signal}-${Date.now()}`
  const code = await taskRoot({
    'index.mjs': `import { spawn } from 'node:child_process'; spawn('sleep', ['60']); setInterval(() => {}, 1000)
      export const handler = () => new Promise(() => {})`,
  })
  const source = `const { localLambda } = await import(${JSON.stringify(fileURLToPath(new URL('local.ts', import.meta.url)))})
    const lambda = localLambda({ functions: { f: { code: ${JSON.stringify(code)}, handler: 'index.handler', timeout: 60, environment: { MARK: ${JSON.stringify(mark)} } } } })
    await lambda.warm('f')
    void lambda.invoke('f'); void lambda.invoke('f')
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--conditions=@fnware/source', '--input-type=module', '-e', source], {
    stdio: 'inherit',
  })
  await until(() => processesWith(mark).length === 4)
  parent.kill(signal)
  await once(parent, 'exit')
  await until(() => processesWith(mark).length === 0)
})

test('warm() starts an environment that the next invocation uses', async () => {
  const { lambda } = await running({ f: 'export const handler = async () => process.pid' })
  const { duration } = await lambda.warm('f')
  expect(duration).toBeGreaterThan(0)
  expect(lambda.functions[0]!.environments).toMatchObject([{ state: 'idle' }])
  await lambda.invoke('f')
  expect(lambda.functions[0]!.environments).toHaveLength(1)
  await expect(lambda.warm('g')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('invocations that come during INIT share no environment', async () => {
  const { lambda } = await running({
    f: 'await new Promise(r => setTimeout(r, 200)); export const handler = async () => { await new Promise(r => setTimeout(r, 100)); return process.pid }',
  })
  const warming = lambda.warm('f')
  const [a, b] = await Promise.all([lambda.invoke('f'), lambda.invoke('f'), warming])
  expect(a.payload).not.toBe(b.payload)
  expect(lambda.functions[0]!.environments).toHaveLength(2)
})
