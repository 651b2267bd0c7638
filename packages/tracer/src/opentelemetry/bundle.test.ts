import { startCollector } from 'test-telemetry'
import { expect, test } from 'vitest'
import { bundled } from '../../test/bundled.ts'

const code = `
import { lambda } from '@fnware/core'
import { tracer } from './src/index.ts'
import { opentelemetry } from './src/opentelemetry.ts'

const handler = lambda()
  .use(tracer({ engine: opentelemetry() }))
  .handle(({ tracer }) => tracer.span('within', async () => tracer.sampled))
const flags = process.env.FLAGS
const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-' + flags }
const context = { functionName: 'orders', awsRequestId: 'r', getRemainingTimeInMillis: () => 3000 }
handler({ headers } as never, context as never).then((sampled) => {
  const loaded = Symbol.for('opentelemetry.js.api.1') in globalThis
  console.log(JSON.stringify({ sampled, loaded }))
})`

for (const format of ['esm', 'cjs'] as const)
  for (const protocol of ['http/protobuf', 'http/json'])
    test(`bundled as ${format}, spans arrive by ${protocol}, and an unsampled invocation loads nothing`, async () => {
      await using collector = await startCollector()
      const { run } = await bundled(code, format)
      const env = { ...collector.environment, OTEL_EXPORTER_OTLP_PROTOCOL: protocol }
      expect(JSON.parse(await run({ ...env, FLAGS: '00' }))).toEqual({ sampled: false, loaded: false })
      expect(collector.requests).toEqual([])
      expect(JSON.parse(await run({ ...env, FLAGS: '01' }))).toEqual({ sampled: true, loaded: true })
      expect(collector.spans.map(({ name }) => name)).toEqual(['within', 'orders'])
    })

test('a function that traces without OpenTelemetry holds none of it', async () => {
  const { text } = await bundled(
    `export { tracer } from './src/index.ts'
     export { lambda } from '@fnware/core'`,
    'esm',
  )
  expect(text).not.toContain('@opentelemetry')
})

test('what is not installed does not hinder a bundle, and is named when it is needed', async () => {
  const { run } = await bundled(code, 'esm', { external: ['@opentelemetry/exporter-*', '@opentelemetry/sdk-trace'] })
  expect(JSON.parse(await run({ FLAGS: '00' }))).toEqual({ sampled: false, loaded: false })
  const { run: runLogging } = await bundled(
    `import { opentelemetry } from './src/opentelemetry.ts'
     opentelemetry().load().catch((error) => console.log(error.message))`,
    'esm',
    { external: ['@opentelemetry/sdk-trace'] },
  )
  expect(await runLogging({})).toBe('opentelemetry() could not load @opentelemetry/sdk-trace: is it installed?')
})
