import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type LambdaEvent, localLambda } from '@fnware/local'
import { type CollectedSpan, ingest, type Span, startCollector, startXRay } from 'test-telemetry'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
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
const engines = ['xray', 'opentelemetry'] as const
type Engine = (typeof engines)[number]

/** A trace, as X-Ray and as OpenTelemetry write its id. */
const newTrace = () => {
  const time = Math.floor(Date.now() / 1000).toString(16)
  const rest = randomBytes(12).toString('hex')
  return { root: `1-${time}-${rest}`, id: time + rest, parent: randomBytes(8).toString('hex') }
}

/** A third party, which tells what it was asked. */
const startShop = async () => {
  const asked: IncomingHttpHeaders[] = []
  const server = createServer((incoming, answer) => {
    asked.push(incoming.headers)
    answer.end('sold')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stock` }
}

/** What takes the traces of an engine, and what of them is the same for both. */
const startTelemetry = async (engine: Engine) => {
  const telemetry = engine === 'xray' ? await startXRay() : await startCollector()
  onTestFinished(() => telemetry.close())
  const spans = () => telemetry.spans as readonly (Span | CollectedSpan)[]
  return {
    environment: telemetry.environment,
    spans,
    until: (count: number) => telemetry.until((spans) => spans.length >= count),
    of: (trace: string) => spans().filter((span) => span.trace === trace),
  }
}

describe.each(clients)('$client', ({ runtime }) => {
  describe.each(modes)('$mode', ({ environmentConcurrency, count }) => {
    test.each(engines)('%s', { timeout: 120_000 }, async (engine) => {
      const shop = await startShop()
      const telemetry = await startTelemetry(engine)
      const events: LambdaEvent[] = []
      const lambda = localLambda({
        functions: {
          orders: {
            code: join(import.meta.dirname, 'observability'),
            handler: `${engine}.handler`,
            timeout: 60,
            memory: 1024,
            ...(environmentConcurrency > 1 && { environmentConcurrency }),
            environment: { NODE_OPTIONS: '--conditions=@fnware/source', SHOP: shop.url, ...telemetry.environment },
          },
        },
        port: 0,
        ...(runtime && { runtime }),
        onEvent: (event) => events.push(event),
      })
      onTestFinished(() => lambda.close())

      const orders = Array.from({ length: count }, (_, i) => ({ ...newTrace(), order: `o-${i}`, fails: i % 4 === 3 }))
      await Promise.all(
        orders.map(async ({ order, fails, root, parent }) => {
          const traceId = `Root=${root};Parent=${parent};Sampled=1`
          const { functionError } = await lambda.invoke('orders', { id: order, fails }, { traceId })
          expect(functionError).toBe(fails ? 'Unhandled' : undefined)
        }),
      )
      await telemetry.until(count * 7)
      const lines = () => events.flatMap((event) => (event.type === 'log' ? [event.line] : []))
      // What a worker thread writes takes its way through the process's first, and may come after the answer.
      await vi.waitFor(() => expect(lines().filter((line) => line.includes('"Errors":')).length).toBe(count), 10_000)
      const logs = await ingest(lines().join('\n'))
      logs.expectSound()

      for (const { order, fails, root, id, parent } of orders) {
        const spans = telemetry.of(engine === 'xray' ? root : id)
        const named = (name: string) => spans.filter((span) => span.name === name)
        // OpenTelemetry's conventions call it as the function is called.
        const [own] = named(engine === 'xray' ? '## xray.handler' : 'orders')
        expect(spans).toHaveLength(7)
        expect(own?.parent).toBe(parent)
        for (const side of ['left', 'right']) {
          const [branch] = named(`${side} of ${order}`)
          expect(branch?.parent).toBe(own?.id)
          const [within] = named(`within ${side} of ${order}`)
          expect(within?.parent).toBe(branch?.id)
          const [call] = spans.filter((span) => span.parent === within?.id)
          // What it was asked with continues the trace below the call.
          expect(shop.asked.filter((headers) => headers['x-amzn-trace-id']?.includes(`${call?.id}`))).toHaveLength(1)
        }

        const said = logs.json.filter((line) => line.correlation_id === order)
        expect(said.filter((line) => line.level === 'INFO' && line.order === order)).toHaveLength(2)
        // What was kept is written where the invocation failed, and nowhere else.
        expect(said.filter((line) => line.message === 'kept')).toHaveLength(fails ? 2 : 0)
        expect(new Set(said.map((line) => line.xray_trace_id))).toEqual(new Set([root]))
        expect(new Set(said.map((line) => line.function_request_id)).size).toBe(1)

        const mine = logs.metrics.filter(({ dimensions }) => dimensions.order === order)
        expect(mine.map(({ name, values }) => [name, values])).toEqual([
          ['weight', [1, 1]],
          ['placed', [1]],
        ])
        expect(shop.asked.filter((headers) => headers['x-correlation-id'] === order)).toHaveLength(2)
      }
      expect(telemetry.spans()).toHaveLength(count * 7)
      const sum = (metric: string) =>
        logs.metrics.filter(({ name }) => name === metric).reduce((sum, { values }) => sum + values.length, 0)
      expect(sum('Errors')).toBe(count)
    })
  })
})
