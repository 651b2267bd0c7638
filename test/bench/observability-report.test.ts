import { expect, test } from 'vitest'
import type { ObservabilityPeer } from './observability/harness/peer.ts'
import { observabilityReport } from './observability/harness/report.ts'
import type { ObservabilityResults } from './observability/harness/results.ts'
import { observabilityTargets, tenAwaits } from './observability/harness/targets.ts'

const peers = ['fnware', 'fnware-http', 'powertools', 'powertools-middy'].map(
  (name, order): ObservabilityPeer => ({
    name,
    file: `${name}.ts`,
    module: { peer: { title: name, packages: [], order } },
  }),
)
const nothing: ObservabilityResults = { invocations: {}, cold: {}, sizes: {} }
const figures = (...cpu: number[]) => cpu.map((cpu) => ({ cpu, wall: cpu }))
const starts = (...wall: number[]) => wall.map((wall) => ({ wall, cpu: wall / 2, undici: false }))

const verdicts = (results: Partial<ObservabilityResults>) =>
  observabilityTargets({ ...nothing, ...results }).map(({ measured, verdict }) => [measured, verdict])

test('what was not measured has neither a target nor a table', () => {
  expect(observabilityTargets(nothing)).toEqual([])
  expect(observabilityReport(nothing, peers)).not.toContain('|')
})

test('fnware must be faster than Powertools both by hand and through Middy', () => {
  const logger = (hand: number, middy: number) =>
    verdicts({
      invocations: {
        logger: { fnware: figures(10, 10), powertools: figures(hand, hand), 'powertools-middy': figures(middy, middy) },
      },
    })
  expect(logger(20, 30)).toEqual([['by hand 2.00 × (2.00–2.00), Middy 3.00 × (3.00–3.00)', 'held']])
  expect(logger(9, 30)).toEqual([['by hand 0.90 × (0.90–0.90), Middy 3.00 × (3.00–3.00)', 'missed']])
  expect(logger(20, 9)[0]![1]).toBe('missed')
})

test('what is not sampled is beyond the same chain without it', () => {
  const tracer = (...cpu: number[]) =>
    verdicts({ invocations: { plain: { fnware: figures(500, 500, 500) }, tracer: { fnware: figures(...cpu) } } })
  expect(tracer(560, 570, 580)).toEqual([['70 ns (60–80)', 'held']])
  expect(tracer(590, 595, 610)).toEqual([['95 ns (90–110)', 'not settled']])
  expect(tracer(600, 605, 610)).toEqual([['105 ns (100–110)', 'missed']])
})

test('ten awaits are what thousands take beyond ten, so that what stands round them does not count', () => {
  const invocations = {
    'awaits-10': { fnware: figures(1000, 1000) },
    'awaits-3010': { fnware: figures(151_000, 151_000) },
    'sampled-awaits-10': { fnware: figures(30_000, 31_000) },
    'sampled-awaits-3010': { fnware: figures(210_000, 241_000) },
  }
  expect(tenAwaits(invocations, 'awaits', 'fnware')).toEqual([500, 500])
  expect(tenAwaits(invocations, 'sampled-awaits', 'fnware')).toEqual([600, 700])
  expect(verdicts({ invocations })).toEqual([['1.30 × (1.20–1.40)', 'held']])
  const other = {
    node: '22.1.0',
    invocations: { ...invocations, 'sampled-awaits-3010': { fnware: figures(480_000, 481_000) } },
  }
  const text = observabilityReport({ ...nothing, invocations, other }, peers)
  expect(text).toContain(`| fnware, Node ${process.versions.node} | 500 ns |  |  | 650 ns · 1.30 × |`)
  expect(text).toContain('| fnware, Node 22.1.0 | 500 ns |  |  | 1.50 µs · 3.00 × |')
})

test('a cold start has another limit where all is needed at once, by the clock and by processor time', () => {
  const row = { 'part-empty': starts(40, 40), fnware: starts(60, 60), 'powertools-middy': starts(95, 95) }
  const cold = { light: row, full: row }
  expect(verdicts({ cold }).map(([, verdict]) => verdict)).toEqual(['missed', 'missed', 'held', 'held'])
  const sizes = { fnware: { minified: 200_000, gzip: 70_000 } }
  const text = observabilityReport({ ...nothing, cold, sizes }, peers)
  expect(text).toContain('| fnware | 20.0 ms | 20.0–20.0 |  | 10.0 ms | 200.0 kB · 70.0 kB |')
  expect(text).toContain('| powertools-middy | 55.0 ms | 55.0–55.0 | 2.75 × (2.75–2.75) | 27.5 ms |  |')
})

test('the tables say how long each took, and how often fnware’s time that is', () => {
  const invocations = {
    plain: { fnware: figures(500), 'fnware-http': figures(1000) },
    logger: { fnware: figures(3000), powertools: figures(9000) },
    'tracer-sampled': { fnware: figures(30_000), powertools: figures(150_000) },
  }
  const text = observabilityReport({ ...nothing, invocations }, peers)
  expect(text).toContain('| fnware | 500 ns | 3.00 µs |')
  expect(text).toContain('| powertools |  | 9.00 µs · 3.00 × |')
  expect(text).toContain('| powertools | 150 µs · 5.00 × |')
})
