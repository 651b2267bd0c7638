import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LambdaEvent, localLambda } from '@fnware/local'
import { ingest } from 'test-telemetry'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

// What holds of a process: under the local Lambda, and with a stdout that takes nothing.
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, '../test/process-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const env = { NODE_OPTIONS: '--conditions=@fnware/source' }
const code = `import { lambda } from '@fnware/core'
import { metrics } from '@fnware/metrics'
import { setTimeout as sleep } from 'node:timers/promises'
export const handler = lambda()
  .use(metrics({
    namespace: 'shop',
    service: 'orders',
    metrics: { placed: 'Count', size: 'Bytes' },
    dimensions: ['tenant'],
    coldStart: true,
    outcome: true,
  }))
  .handle(async ({ event: { tenant, fails }, metrics }) => {
    metrics.add('placed', 1)
    await sleep(5 * Math.random())
    metrics.dimensions({ tenant })
    metrics.add('size', 2)
    await sleep(5 * Math.random())
    metrics.metadata('padding', 'x'.repeat(100_000))
    if (fails) throw new Error('boom')
    return tenant
  })
`

describe.each([
  { mode: 'one at a time, in environments of their own', environmentConcurrency: undefined, count: 6 },
  { mode: 'many in one environment', environmentConcurrency: 32, count: 64 },
])('under Lambda, $mode', ({ environmentConcurrency, count }) => {
  test('all that was added is stored, once and whole', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, 'index.mjs'), code)
    const events: LambdaEvent[] = []
    const local = localLambda({
      functions: {
        orders: {
          code: folder,
          handler: 'index.handler',
          timeout: 30,
          memory: 512,
          ...(environmentConcurrency && { environmentConcurrency }),
          environment: { ...env, POWERTOOLS_METRICS_FUNCTION_NAME: 'told' },
        },
      },
      port: 0,
      onEvent: (event) => events.push(event),
    })
    onTestFinished(() => local.close())
    const tenants = Array.from({ length: count }, (_, i) => `t-${i}`)
    await Promise.all(
      tenants.map(async (tenant, i) => {
        const { functionError } = await local.invoke('orders', { tenant, fails: i % 3 === 2 })
        expect(functionError).toBe(i % 3 === 2 ? 'Unhandled' : undefined)
      }),
    )
    const stored = await ingest(events.flatMap((event) => (event.type === 'log' ? [`${event.line}\n`] : [])).join(''))
    stored.expectSound()
    const of = (name: string) => stored.metrics.filter((it) => it.name === name)
    const own = tenants
      .map((tenant) => ({ service: 'orders', tenant }))
      .sort((a, b) => a.tenant.localeCompare(b.tenant))
    for (const name of ['placed', 'size'])
      expect(
        of(name)
          .map(({ dimensions }) => dimensions)
          .sort((a, b) => `${a.tenant}`.localeCompare(`${b.tenant}`)),
      ).toEqual(own)
    expect(
      of('Errors')
        .map(({ values }) => values[0])
        .sort(),
    ).toEqual(tenants.map((_, i) => Number(i % 3 === 2)).sort())
    const cold = { service: 'orders', function_name: 'told' }
    const colds = of('ColdStart').map(({ dimensions }) => dimensions)
    // Environments of Managed Instances are initialised before they are needed.
    if (environmentConcurrency) expect(colds).toEqual([])
    else expect(colds).toEqual(colds.map(() => cold))
    expect(colds.length > 0).toBe(!environmentConcurrency)
  })
})

test('what hangs until Lambda ends it has its metrics written before', { timeout: 30_000 }, async () => {
  await writeFile(
    join(folder, 'index.mjs'),
    code.replace('if (fails)', 'await new Promise(() => setInterval(() => {}, 1000))\n    if (fails)'),
  )
  const events: LambdaEvent[] = []
  const local = localLambda({
    functions: { orders: { code: folder, handler: 'index.handler', timeout: 2, memory: 512, environment: env } },
    port: 0,
    onEvent: (event) => events.push(event),
  })
  onTestFinished(() => local.close())
  const { functionError } = await local.invoke('orders', { tenant: 'a' })
  expect(functionError).toBe('Unhandled')
  const stored = await ingest(events.flatMap((event) => (event.type === 'log' ? [`${event.line}\n`] : [])).join(''))
  stored.expectSound()
  const own = stored.metrics.filter(({ dimensions }) => dimensions.tenant === 'a')
  expect(own.map(({ name }) => name)).toEqual(['placed', 'size'])
})

describe('a stdout that takes nothing harms no invocation', () => {
  const script = `import { handler } from './index.mjs'
const context = { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 30000 }
process.stdin.once('data', async () => {
  const answers = []
  for (let i = 0; i < 100; i++) answers.push(await handler({ tenant: 't-' + i }, context))
  process.stderr.write('answered ' + new Set(answers).size)
  process.exit(0)
})
process.stderr.write('ready')
`
  test.each(['closed', 'full'])('%s', { timeout: 30_000 }, async (state) => {
    await writeFile(join(folder, 'index.mjs'), code)
    await writeFile(join(folder, `${state}.mjs`), script)
    // Nobody reads of a pipe that is full: it holds 64 kB.
    const child = spawn(process.execPath, [join(folder, `${state}.mjs`)], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const said: string[] = []
    const ended = new Promise((done) => child.once('close', (code) => done(code)))
    await new Promise<void>((ready) => {
      child.stderr.on('data', (data: Buffer) => {
        said.push(`${data}`)
        if (said.join('').includes('ready')) ready()
      })
    })
    if (state === 'closed') child.stdout.destroy()
    child.stdin.write('go')
    if (state === 'full') {
      // Node writes to a pipe at once, and waits until it is taken: the answers come when it is read again.
      await new Promise((soon) => setTimeout(soon, 200))
      const stored = await ingest(child.stdout)
      stored.expectSound()
      expect(stored.metrics.filter(({ name }) => name === 'placed')).toHaveLength(100)
    }
    expect(await ended).toBe(0)
    expect(said.join('')).toBe('readyanswered 100')
  })
})
