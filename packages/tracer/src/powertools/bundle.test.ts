import { startXRay } from 'test-telemetry'
import { expect, test } from 'vitest'
import { bundled } from '../../test/bundled.ts'

const code = (given: string) => `
import { lambda } from '@fnware/core'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { tracer } from './src/index.ts'
import { powertools } from './src/powertools.ts'

const handler = lambda()
  .use(tracer({ engine: powertools(${given}) }))
  .handle(({ tracer }) => tracer.span('within', async () => tracer.sampled))
const context = { functionName: 'orders', awsRequestId: 'r', getRemainingTimeInMillis: () => 3000 }
handler({}, context as never).then((sampled) => {
  const loaded = 'AWS_XRAY_CONTEXT_MISSING' in process.env
  console.log(JSON.stringify({ sampled, loaded, require: 'require' in globalThis }))
})`
const lazily = code(
  `async () => new (await import('@aws-lambda-powertools/tracer')).Tracer({ serviceName: 'orders' })`,
).replace(/import { Tracer }.*\n/, '')
const header = (sampled: number) =>
  `Root=1-581cf771-a006649127e371903a2de979;Parent=53995c3f42cd8ad8;Sampled=${sampled}`
const lambda = { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: '/var/task', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }

test.each(['esm', 'cjs'] as const)(
  'bundled as %s without a banner, a tracer that is made when it is needed works, and is not loaded before',
  async (format) => {
    await using xray = await startXRay()
    const { run } = await bundled(lazily, format)
    const env = { ...lambda, ...xray.environment }
    const unsampled = JSON.parse(await run({ ...env, _X_AMZN_TRACE_ID: header(0) }))
    expect(unsampled).toEqual({ sampled: false, loaded: false, require: false })
    const sampled = JSON.parse(await run({ ...env, _X_AMZN_TRACE_ID: header(1) }))
    expect(sampled).toEqual({ sampled: true, loaded: true, require: false })
    await xray.until((spans) => spans.length === 2)
    expect(xray.spans.map(({ name }) => name)).toEqual(['within', '## index.handler'])
  },
)

test('an instance works bundled as CommonJS, and as an ES module with a `require` before all else', async () => {
  await using xray = await startXRay()
  const banner = {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  }
  const env = { ...lambda, ...xray.environment, _X_AMZN_TRACE_ID: header(1) }
  for (const { run } of [
    await bundled(code('new Tracer()'), 'cjs'),
    await bundled(code('new Tracer()'), 'esm', { banner }),
  ])
    expect(JSON.parse(await run(env))).toMatchObject({ sampled: true })
  await xray.until((spans) => spans.length === 4)
  await expect((await bundled(code('new Tracer()'), 'esm')).run(env)).rejects.toThrow(
    /Dynamic require of .* is not supported/,
  )
})

test('a function that traces without Powertools holds none of it', async () => {
  const { text } = await bundled(
    `export { tracer } from './src/index.ts'
     export { lambda } from '@fnware/core'`,
    'esm',
  )
  expect(text).not.toContain('aws-xray-sdk-core')
})
