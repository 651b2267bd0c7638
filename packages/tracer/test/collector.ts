import { context, propagation, trace } from '@opentelemetry/api'
import { type Collector, startCollector } from 'test-telemetry'
import { onTestFinished, vi } from 'vitest'

/**
 * A collector for this test, which fails of any export that breaks a rule. What the test registers of OpenTelemetry, also by
 * an engine, is forgotten after it.
 */
export const collecting = async (env: Readonly<Record<string, string>> = {}): Promise<Collector> => {
  const collector = await startCollector()
  for (const [name, value] of Object.entries({ ...collector.environment, ...env })) vi.stubEnv(name, value)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    forget()
    await collector.close()
  })
  return collector
}

const forget = () => {
  for (const api of [trace, context, propagation]) api.disable()
}
