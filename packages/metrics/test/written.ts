import { lambda } from '@fnware/core'
import { collectLogs, fakeContext, type Logs } from '@fnware/testing'
import { type Ingested, ingest } from 'test-telemetry'
import { type Metrics, type MetricsOptions, metrics } from '../src/index.ts'

type Name = 'placed' | 'latency' | 'size'
type Dimension = 'tenant' | 'region'

export const declared: MetricsOptions<Name, Dimension> & { readonly dimensions: readonly Dimension[] } = {
  namespace: 'shop',
  service: 'orders',
  metrics: { placed: 'Count', latency: { unit: 'Milliseconds', resolution: 'high' }, size: 'Bytes' },
  dimensions: ['tenant', 'region'],
}

/** What was written while something ran, as CloudWatch has it. Throws where that would not take all of it. */
export const written = async (fn: () => unknown): Promise<{ logs: Logs; stored: Ingested }> => {
  const { logs } = await collectLogs(async () => {
    await fn()
  })
  const stored = await ingest(logs.stdout)
  stored.expectSound()
  return { logs, stored }
}

/** What one invocation wrote. */
export const recorded = (
  fn: (metrics: Metrics<Name, Dimension>) => unknown,
  options: MetricsOptions<Name, Dimension> = declared,
): Promise<{ logs: Logs; stored: Ingested }> =>
  written(() => {
    const handler = lambda()
      .use(metrics(options))
      .handle((ctx) => fn(ctx.metrics))
    return handler({}, fakeContext({ awsRequestId: 'id-1', functionName: 'f' }))
  })
