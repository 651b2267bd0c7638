import { join } from 'node:path'
import { type LambdaEvent, localLambda } from '@fnware/local'
import { startAws } from 'test-aws'
import { ingest } from 'test-telemetry'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { buildRic, isBuilt, ricRuntime } from '../conformance/ric/ric.ts'
import type { Order } from './lines/orders.ts'

// Lines of a megabyte, and secrets in them, under the local Lambda and under AWS's own runtime interface client.

if (process.env.CI) await buildRic()

const clients: readonly { readonly client: string; readonly runtime?: string }[] = [
  { client: 'fnware’s client' },
  ...(isBuilt() ? [{ client: 'aws-lambda-ric', runtime: ricRuntime }] : []),
]
const modes = [
  { mode: 'one at a time, in environments of their own', environmentConcurrency: 1, count: 3 },
  { mode: 'many in one environment', environmentConcurrency: 16, count: 16 },
]
const password = 'p@ss/w0rd-"of"-the\\database'

describe.each(clients)('$client', ({ runtime }) => {
  test.each(modes)('$mode', { timeout: 120_000 }, async ({ environmentConcurrency, count }) => {
    const aws = await startAws()
    onTestFinished(() => aws.close())
    aws.secrets.create('prod/db', { username: 'the-user-of-it', password, host: 'db.internal' })
    // Lambda's own variables are this process's, locally.
    for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value)
    onTestFinished(() => void vi.unstubAllEnvs())
    const events: LambdaEvent[] = []
    const lambda = localLambda({
      functions: {
        orders: {
          code: join(import.meta.dirname, 'lines'),
          handler: 'orders.handler',
          timeout: 60,
          memory: 2048,
          ...(environmentConcurrency > 1 && { environmentConcurrency }),
          environment: { NODE_OPTIONS: '--conditions=@fnware/source', AWS_ENDPOINT_URL: aws.endpoint },
        },
      },
      port: 0,
      region: aws.region,
      ...(runtime && { runtime }),
      onEvent: (event) => events.push(event),
    })
    onTestFinished(() => lambda.close())

    const orders = Array.from({ length: count }, (_, i): Order => ({ id: String(1000 + i) }))
    await Promise.all(
      orders.map(async (order) => expect((await lambda.invoke('orders', order)).functionError).toBeUndefined()),
    )
    const lines = () => events.flatMap((event) => (event.type === 'log' ? [event.line] : []))
    // What is long, or another thread's, may come after the answer.
    await vi.waitFor(() => expect(lines().filter((line) => line.startsWith('{'))).toHaveLength(count * 6), 30_000)
    const logs = await ingest(`${lines().join('\n')}\n`)
    logs.expectSound()

    expect(logs.json).toHaveLength(count * 6)
    for (const { id } of orders) {
      const mine = logs.json.filter(({ order }) => order === id)
      const said = (message: string) => mine.filter((line) => line.message === message)
      expect(
        said('filled')
          .map(({ service }) => service)
          .sort(),
      ).toEqual(['orders', 'thread'])
      for (const { filled } of said('filled')) expect(filled === id.repeat(250_000)).toBe(true)
      expect(said('too much')[0]?.filled).toMatch(/^(?:\d{4}){50000,}… \[cut: \d+ characters\]$/)
      expect(said('refused')).toMatchObject([
        { level: 'ERROR', error: { message: 'no login with postgres://app:[redacted]@db', cause: '[redacted]' } },
      ])
      expect(mine.find(({ body }) => body)).toMatchObject({
        message: expect.stringMatching(/^Basic \S*\[redacted\]/),
        body: expect.stringContaining('[redacted]'),
      })
      expect(said('orders success')).toHaveLength(1)
    }
    const all = lines().join('\n')
    for (const form of [
      password,
      'p@ss',
      'p%40ss',
      '-the',
      'the-user',
      Buffer.from(password).toString('base64').slice(2, 12),
    ])
      expect(all.includes(form), form).toBe(false)
  })
})
