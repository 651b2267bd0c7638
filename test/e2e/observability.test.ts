import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type LambdaEvent, localLambda } from '@fnware/local'
import { ingest, startXRay } from 'test-telemetry'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildRic, isBuilt, ricRuntime } from '../conformance/ric/ric.ts'

// Traces, metrics and logs of many invocations at once, under the local Lambda and under AWS's own runtime interface client.

if (process.env.CI) await buildRic()

const clients: readonly { readonly client: string; readonly runtime?: string }[] = [
  { client: 'fnware’s client' },
  ...(isBuilt() ? [{ client: 'aws-lambda-ric', runtime: ricRuntime }] : []),
]
const modes = [
  { mode: 'one at a time, in environments of their own', environmentConcurrency: 1, count: 8 },
  { mode: 'many in one environment', environmentConcurrency: 32, count: 64 },
]

describe.each(clients)('$client', ({ runtime }) => {
  test.each(modes)('$mode', { timeout: 120_000 }, async ({ environmentConcurrency, count }) => {
    const xray = await startXRay()
    const events: LambdaEvent[] = []
    const lambda = localLambda({
      functions: {
        orders: {
          code: join(import.meta.dirname, 'observability'),
          handler: 'xray.handler',
          timeout: 30,
          memory: 512,
          ...(environmentConcurrency > 1 && { environmentConcurrency }),
          environment: { NODE_OPTIONS: '--conditions=@fnware/source', ...xray.environment },
        },
      },
      port: 0,
      ...(runtime && { runtime }),
      onEvent: (event) => events.push(event),
    })
    onTestFinished(async () => {
      await lambda.close()
      await xray.close()
    })

    const orders = Array.from({ length: count }, (_, i) => ({
      id: `o-${i}`,
      fails: i % 4 === 3,
      root: `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
      parent: randomBytes(8).toString('hex'),
    }))
    await Promise.all(
      orders.map(async ({ id, fails, root, parent }) => {
        const traceId = `Root=${root};Parent=${parent};Sampled=1`
        const { functionError } = await lambda.invoke('orders', { id, fails }, { traceId })
        expect(functionError).toBe(fails ? 'Unhandled' : undefined)
      }),
    )
    await xray.until((spans) => spans.length >= count * 5)
    const logs = await ingest(events.flatMap((event) => (event.type === 'log' ? [`${event.line}\n`] : [])).join(''))
    logs.expectSound()

    for (const { id, fails, root, parent } of orders) {
      const spans = xray.spansOf(root)
      expect(spans.map(({ name }) => name).sort()).toEqual([
        '## xray.handler',
        `left of ${id}`,
        `right of ${id}`,
        `within left of ${id}`,
        `within right of ${id}`,
      ])
      const named = (name: string) => spans.find((span) => span.name === name)
      const own = named('## xray.handler')
      expect(own).toMatchObject({ parent, annotations: { order: id, Service: 'orders' } })
      expect(own?.fault).toBe(fails)
      for (const side of ['left', 'right']) {
        const branch = named(`${side} of ${id}`)
        expect(branch).toMatchObject({ parent: own?.id, annotations: { order: id } })
        expect(named(`within ${side} of ${id}`)?.parent).toBe(branch?.id)
      }
      const lines = logs.json.filter((line) => line.correlation_id === id)
      expect(lines.filter((line) => line.order === id)).toHaveLength(2)
      expect(new Set(lines.map((line) => line.xray_trace_id))).toEqual(new Set([root]))
      expect(new Set(lines.map((line) => line.function_request_id)).size).toBe(1)
    }
    expect(xray.spans).toHaveLength(count * 5)
  })
})
