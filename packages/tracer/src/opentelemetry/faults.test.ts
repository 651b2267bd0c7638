import { setTimeout } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import type { Collector } from 'test-telemetry'
import { expect, test } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { register } from '../../test/registering.ts'
import type { Engine } from '../engine.ts'
import { opentelemetry } from '../opentelemetry.ts'
import { tracer } from '../tracer.ts'

const function_ = (engine: Engine, patience?: number) =>
  lambda()
    .use(tracer({ engine, ...(patience !== undefined && { patience }) }))
    .handle(({ tracer }) => tracer.span('within', async () => 'answered'))

/** An engine that two functions share, of which each has a patience of its own. */
const shared = async (): Promise<Engine> => {
  const engine = opentelemetry()
  const loaded = await engine.load()
  return { ...engine, load: async () => loaded }
}

/** Longer than any test: an answer that waits for it never comes. */
const forever = 3_600_000

const faults: readonly (readonly [string, (collector: Collector) => unknown])[] = [
  ['is absent', (collector) => collector.down()],
  ['hangs', (collector) => collector.hang()],
  ['resets its connections', (collector) => collector.reset()],
  ['refuses with 400', (collector) => collector.refuse(400)],
  ['refuses with 503', (collector) => collector.refuse(503)],
  ['asks to be asked again in an hour', (collector) => collector.refuse(429, { 'retry-after': '3600' })],
  ['is slow', (collector) => collector.slow(60_000)],
]
const providers = [
  ['a provider of its own', () => {}],
  ['a provider that is registered', () => void register()],
] as const

for (const [provider, prepare] of providers)
  test.each(faults)(
    `${provider}: a collector that %s costs one answer the patience, and no other anything`,
    async (_, fault) => {
      const collector = await collecting()
      prepare()
      await fault(collector)
      const engine = await shared()
      expect(await function_(engine, 50)({}, fakeContext())).toBe('answered')
      const patient = function_(engine, forever)
      for (let i = 0; i < 5; i++) expect(await patient({}, fakeContext())).toBe('answered')
    },
  )

test('once a collector has outlasted the patience no answer waits for it, until it takes spans again', async () => {
  const collector = await collecting({ OTEL_EXPORTER_OTLP_TIMEOUT: '1500' })
  const engine = await shared()
  collector.hang()
  await function_(engine, 50)({}, fakeContext())
  const patient = function_(engine, forever)
  for (let i = 0; i < 20; i++) await patient({}, fakeContext())
  expect(collector.requests).toHaveLength(1)
  // What was under way fails; what has been kept meanwhile follows in one request.
  collector.slow(20)
  await collector.until((spans) => spans.length === 40)
  expect(collector.requests).toHaveLength(2)
  // Sooner or later an answer waits again: its own spans are there when it has been given.
  for (let all = 42; ; all += 2) {
    await patient({}, fakeContext())
    if (collector.spans.length === all) break
    await setTimeout(10)
  }
})

test('what could not be sent is told once', async () => {
  const collector = await collecting()
  collector.refuse(400)
  const handler = function_(opentelemetry())
  const { logs } = await collectLogs(async () => {
    for (let i = 0; i < 5; i++) await handler({}, fakeContext())
  })
  const told = logs.text.filter((line) => line.includes('opentelemetry(): spans could not be sent'))
  expect(told).toHaveLength(1)
})

test('an engine that cannot be made harms nothing, and says what is missing', async () => {
  await collecting()
  const handler = lambda()
    .use(tracer({ engine: opentelemetry({ endpoint: 'nowhere' }) }))
    .handle(() => 'answered')
  const { logs } = await collectLogs(async () => {
    for (let i = 0; i < 3; i++) expect(await handler({}, fakeContext())).toBe('answered')
  })
  expect(
    logs.text.filter((line) => line.includes('tracer(): the trace of an invocation could not be begun')),
  ).toHaveLength(1)
})

test('what the environment has wrong is told once, and traced all the same', async () => {
  const collector = await collecting({ OTEL_TRACES_SAMPLER: 'allways_on' })
  const handler = function_(opentelemetry())
  const { logs } = await collectLogs(async () => {
    for (let i = 0; i < 3; i++) await handler({}, fakeContext())
  })
  expect(collector.spans).toHaveLength(6)
  expect(logs.text.filter((line) => line.includes('`OTEL_TRACES_SAMPLER` is `allways_on`'))).toHaveLength(1)
})

test('spans that nobody takes are kept up to a number', async () => {
  const collector = await collecting()
  collector.hang()
  const handler = lambda()
    .use(tracer({ engine: opentelemetry(), patience: 1 }))
    .handle(async ({ tracer }) => {
      for (let i = 0; i < 1000; i++) tracer.span('one of many', () => null)
      return 'answered'
    })
  for (let i = 0; i < 10; i++) expect(await handler({}, fakeContext())).toBe('answered')
  expect(collector.requests.length).toBeLessThan(10)
})
