import { join } from 'node:path'
import { type LambdaEvent, localLambda, type ReportEvent } from '@fnware/local'
import { ingest } from 'test-telemetry'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { buildRic, isBuilt, ricRuntime } from '../conformance/ric/ric.ts'
import type { Order } from './logs/orders.ts'

// What is kept until an invocation fails, under the local Lambda and under AWS's own runtime interface client.

if (process.env.CI) await buildRic()

const clients: readonly { readonly client: string; readonly runtime?: string }[] = [
  { client: 'fnware’s client' },
  ...(isBuilt() ? [{ client: 'aws-lambda-ric', runtime: ricRuntime }] : []),
]
const modes = [
  {
    mode: 'one at a time, in environments of their own',
    environmentConcurrency: 1,
    ways: many(6, ['fine', 'fails', 'hangs']),
  },
  // There an invocation that runs out of time takes the others of its environment with it.
  { mode: 'many in one environment', environmentConcurrency: 64, ways: many(64, ['fine', 'fails']) },
]

function many(count: number, ways: readonly Order['way'][]): readonly Order['way'][] {
  return Array.from({ length: count }, (_, i) => ways[i % ways.length] as Order['way'])
}

describe.each(clients)('$client', ({ runtime }) => {
  test.each(modes)('$mode', { timeout: 120_000 }, async ({ environmentConcurrency, ways }) => {
    const events: LambdaEvent[] = []
    const lambda = localLambda({
      functions: {
        orders: {
          code: join(import.meta.dirname, 'logs'),
          handler: 'orders.handler',
          timeout: 5,
          memory: 512,
          ...(environmentConcurrency > 1 && { environmentConcurrency }),
          environment: { NODE_OPTIONS: '--conditions=@fnware/source' },
        },
      },
      port: 0,
      ...(runtime && { runtime }),
      onEvent: (event) => events.push(event),
    })
    onTestFinished(() => lambda.close())

    const orders = ways.map((way, i): Order => ({ id: `o-${i}`, way }))
    await Promise.all(
      orders.map(async (order) => {
        const { functionError } = await lambda.invoke('orders', order)
        expect(functionError).toBe(order.way === 'fine' ? undefined : 'Unhandled')
      }),
    )
    const steps = [0, 1, 2, 3].map((step) => `DEBUG step ${step}`)
    const ends = {
      fine: ['INFO placed', 'INFO orders success'],
      fails: ['INFO placed', ...steps, 'ERROR the invocation failed', 'ERROR orders error'],
      // Nobody answers where there is no source: it is Lambda that ends it.
      hangs: ['INFO placed', ...steps],
    }
    const lines = () => events.flatMap((event) => (event.type === 'log' ? [`${event.line}\n`] : []))
    // An answer may be here before what was written ahead of it has been read.
    const said = ways.reduce((sum, way) => sum + ends[way].length, 0)
    await vi.waitFor(
      () => expect(lines().filter((line) => line.includes('"order":"o-')).length).toBeGreaterThanOrEqual(said),
      { timeout: 20_000 },
    )
    const logs = await ingest(lines().join(''))
    logs.expectSound()

    for (const { id, way } of orders) {
      const lines = logs.json.filter(({ order }) => order === id)
      expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual(ends[way])
      expect(new Set(lines.map((line) => line.function_request_id)).size).toBe(1)
      const kept = lines.filter(({ level }) => level === 'DEBUG')
      expect(kept.map(({ of }) => of)).toEqual(kept.map(() => ({ id })))
      const times = kept.map(({ timestamp }) => String(timestamp))
      expect(times).toEqual(times.toSorted())
      expect(times.every((time) => time <= String(lines[0]?.timestamp))).toBe(true)
      if (way === 'fails') expect(lines.at(-1)).toMatchObject({ error_name: 'TypeError', error_cause: 'RangeError' })
      const used = events.find(
        (event): event is ReportEvent => event.type === 'report' && event.requestId === lines[0]?.function_request_id,
      )?.memoryUsed
      const { max_memory_mb: told = 0 } = lines.at(-1) as { readonly max_memory_mb?: number }
      // What Lambda reports was read a moment later.
      if (used !== undefined && environmentConcurrency === 1) expect(told).toBeLessThanOrEqual(used + 1)
    }
  })
})
