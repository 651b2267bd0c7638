import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingest, startXRay, type XRay } from 'test-telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from './harness/bundle.ts'
import { run } from './harness/child.ts'
import { start } from './harness/cold.ts'
import { type Bundles, bundleObservability, type Place } from './observability/harness/bundles.ts'
import { observabilityCells } from './observability/harness/cells.ts'
import { situations } from './observability/harness/cold.ts'
import { discoverObservability } from './observability/harness/peers.ts'
import { awsWithSeal } from './observability/harness/run.ts'
import type { Checked } from './observability/process/check.ts'
import { spans } from './observability/stack/work.ts'

// What is compared must do the same: each bundled function of each peer answers, writes and sends what the others do.
const peers = await discoverObservability()
let out: string
let bundles: Bundles
let xray: XRay
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'fnware-observability-'))
  ;[bundles, xray] = await Promise.all([bundleObservability(peers, out), startXRay()])
}, 120_000)
afterAll(async () => {
  await xray?.down()
  await rm(out, { recursive: true, force: true })
})

const checked = async ({ file, cell }: Place) => {
  const args = [bundles.driver('check'), file, cell.trace]
  return JSON.parse(await run({ args, environment: xray.environment })) as Checked[]
}
const of = (id: string, peer: string) =>
  bundles.places.find((place) => place.cell.id === id && place.peer.name === peer)!
const filled = (ids: readonly string[]) =>
  observabilityCells
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ id, make }) => peers.filter(({ module }) => module[make]).map(({ name }) => [name, id] as const))
const all = observabilityCells.map(({ id }) => id)
const silent = observabilityCells.filter(({ trace, lines }) => trace === 'unsampled' && lines === 0).map(({ id }) => id)

test('every cell is filled by at least two peers', () => {
  for (const id of all) expect(bundles.places.filter(({ cell }) => cell.id === id).length, id).toBeGreaterThan(1)
})

test.each(filled(silent))('%s answers in %s, and neither writes nor sends anything', async (peer, id) => {
  xray.clear()
  for (const { trouble, lines } of await checked(of(id, peer))) {
    expect(trouble).toBeUndefined()
    expect(lines).toEqual([])
  }
  expect(xray.documents).toEqual([])
})

/** What the line that ends an invocation says, but for what differs from one to the next, and what only fnware's says. */
const completionOf = (lines: readonly string[]) => {
  const [line] = lines.filter((line) => line.includes('"outcome"'))
  const { max_memory_mb, ...told } = JSON.parse(line!) as Record<string, unknown>
  expect(Number(told.duration_ms)).toBeGreaterThanOrEqual(0)
  return { ...told, timestamp: 0, duration_ms: 0, remaining_ms: 0 }
}

test.each(filled(['logger', 'all', 'all-sampled']))('%s writes the same line as fnware in %s', async (peer, id) => {
  const [expected, found] = [await checked(of(id, 'fnware')), await checked(of(id, peer))]
  expect(found.map(({ lines }) => completionOf(lines))).toEqual(expected.map(({ lines }) => completionOf(lines)))
})

test.each(filled(['metrics', 'all', 'all-sampled']))('%s writes the metrics, once each, in %s', async (peer, id) => {
  for (const { lines } of await checked(of(id, peer))) {
    const logs = await ingest(lines.join('\n'))
    logs.expectSound()
    const found = logs.metrics.map(({ namespace, name, unit, dimensions, values }) => [
      `${namespace} ${name} ${unit}`,
      dimensions,
      values,
    ])
    const dimensions = { service: 'orders', tenant: 'acme', channel: 'web' }
    expect(found).toEqual([
      ['shop ordersPlaced Count', dimensions, [1]],
      ['shop revenue Count', dimensions, [128.9]],
      ['shop latency Milliseconds', dimensions, [12.5]],
    ])
  }
})

test.each(filled(['tracer-sampled', 'all-sampled']))(
  '%s sends the spans of each invocation in %s',
  async (peer, id) => {
    xray.clear()
    const told = await checked(of(id, peer))
    await xray.until((found) => found.length === 3 * told.length)
    expect(xray.takeFaults()).toEqual([])
    for (const { trace, trouble } of told) {
      expect(trouble).toBeUndefined()
      const [, root, parent] = /Root=(.+);Parent=(.+);/.exec(trace)!
      const own = xray.spansOf(root!)
      const invocation = own.find(({ name }) => name === '## index.handler')!
      expect(invocation.parent).toBe(parent)
      expect(invocation.annotations).toEqual({
        ColdStart: trace === told[0]!.trace,
        Service: 'orders',
        orderId: 'A-17',
      })
      const below = own.filter((span) => span !== invocation)
      expect(below.map(({ name, parent }) => [name, parent])).toEqual(spans.map((name) => [name, invocation.id]))
    }
  },
)

test.each(
  situations
    .map(({ name }) => name)
    .flatMap((name) => peers.filter(({ module }) => module.stack).map((peer) => [peer.name, name])),
)('%s answers from a cold start: %s', async (peer, situation) => {
  await using aws = await awsWithSeal()
  const { environment } = situations.find(({ name }) => name === situation)!
  const { file } = bundles.stacks.find((stack) => stack.peer.name === peer)!
  await start(bundles.driver('cold'), file, { ...aws.environment, ...xray.environment, ...environment })
  expect(aws.calls.map(({ operation }) => operation)).toEqual(situation === 'full' ? ['GetSecretValue'] : [])
})

interface Told {
  readonly name: string
  readonly answer: { readonly statusCode: number; readonly body: string }
  readonly lines: readonly string[]
}

test('the whole stacks answer alike, whatever they are sent', async () => {
  await using aws = await awsWithSeal()
  const answers = join(import.meta.dirname, 'process/answers.ts')
  await bundle([{ name: 'answers', code: `import ${JSON.stringify(answers)}` }], out)
  const environment = {
    ...aws.environment,
    _X_AMZN_TRACE_ID: 'Root=1-6565a1b2-0a1b2c3d4e5f607182939495;Parent=53995c3f42cd8ad8;Sampled=0',
  }
  const names = ['success', 'base64', 'refused by the schema', 'not JSON', '__proto__', 'too large', 'unexpected error']
  const asked = bundles.stacks.map(async ({ peer, file }) => {
    const written = await run({ args: [join(out, 'answers.mjs'), file, ...names], environment })
    const { told } = JSON.parse(written) as { told: readonly Told[] }
    const essence = told.map(({ name, answer, lines }) => {
      const { id, total, seal, errors } = JSON.parse(answer.body) as Record<string, unknown>
      const pointers = (errors as { pointer?: string }[] | undefined)?.map(({ pointer }) => pointer)
      // Where nothing was counted, Powertools' metrics warn in plain text.
      const json = lines.filter((line) => line.startsWith('{'))
      const logged = json.map((line) => JSON.parse(line) as Record<string, unknown>)
      const said = logged.filter(({ _aws }) => !_aws).map(({ level, message, outcome }) => [level, message, outcome])
      const counted = logged.filter(({ ordersPlaced }) => ordersPlaced === 1).length
      return { name, status: answer.statusCode, id, total, seal, pointers, said, counted }
    })
    return [peer.name, essence] as const
  })
  const [[, expected], ...others] = (await Promise.all(asked)) as [
    readonly [string, object[]],
    ...(readonly [string, object[]])[],
  ]
  expect(expected).toMatchObject([
    { status: 201, seal: '56-18', counted: 1 },
    { status: 201, seal: '56-18', counted: 1 },
    { status: 400, pointers: ['#/customer/name', '#/customer/email', '#/lines/1/quantity'], counted: 0 },
    { status: 400 },
    { status: 400 },
    { status: 413 },
    { status: 500, counted: 0 },
  ])
  for (const [name, found] of others) expect(found, name).toEqual(expected)
})
