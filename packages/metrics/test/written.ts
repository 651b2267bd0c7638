import { lambda } from '@fnware/core'
import { collectLogs, fakeContext, type Logs } from '@fnware/testing'
import { type Ingested, ingest } from 'test-telemetry'
import { type Metrics, type MetricsOptions, metrics } from '../src/index.ts'

export const declared = {
  namespace: 'shop',
  service: 'orders',
  metrics: { placed: 'Count', latency: { unit: 'Milliseconds', resolution: 'high' }, size: 'Bytes' },
  dimensions: ['tenant', 'region'],
} as const satisfies MetricsOptions<string, string>

export type Declared = Metrics<'placed' | 'latency' | 'size', 'tenant' | 'region'>

/** What was written while something ran, as CloudWatch has it. Throws where that would not take all of it. */
export const written = async (fn: () => unknown): Promise<{ logs: Logs; stored: Ingested }> => {
  const { logs } = await collectLogs(async () => {
    await fn()
  })
  const stored = await ingest(logs.stdout)
  stored.expectSound()
  return { logs, stored }
}

/** Those of one invocation. */
export const recorded = (
  fn: (metrics: Declared, ctx: { defer(fn: () => unknown): void }) => unknown,
  options: MetricsOptions<'placed' | 'latency' | 'size', 'tenant' | 'region'> = declared,
): Promise<{ logs: Logs; stored: Ingested }> =>
  written(() => {
    const handler = lambda()
      .use(metrics(options))
      .handle((ctx) => fn(ctx.metrics, ctx))
    return handler({}, fakeContext({ awsRequestId: 'id-1', functionName: 'f' }))
  })
