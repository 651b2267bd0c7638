import { expect, test } from 'vitest'
import { chart } from './data/harness/chart.ts'
import type { DataPeer } from './data/harness/peer.ts'
import { dataReport } from './data/harness/report.ts'
import type { DataResults, Outage, Rotations, Timeline } from './data/harness/results.ts'
import { dataTargets, overlaps } from './data/harness/targets.ts'

const peers = ['fnware', 'middy'].map(
  (name, order): DataPeer => ({ name, file: `${name}.ts`, module: { peer: { title: name, packages: [], order } } }),
)
const nothing: DataResults = { calls: {}, rotations: {}, connections: {}, warm: {}, timelines: {}, transports: {} }

const figures = (...cpu: number[]) => cpu.map((cpu) => ({ cpu, wall: cpu }))
const starts = (undici: boolean, ...wall: number[]) => wall.map((wall) => ({ wall, cpu: wall, undici }))
const size = { minified: 3000, gzip: 1234 }
const served = { ms: 3200, answered: 200, failed: 0, slowest: 120 }
const rotations = (seen: (number | undefined)[], outage: Outage = served): Rotations => ({
  ttl: 2000,
  secret: seen,
  parameter: seen,
  patience: 4000,
  outage,
})
const timeline = (...spans: [began: number, ended: number][]): Timeline => ({
  loaded: 5,
  ready: 100,
  spans: ['secrets', 'parameters', 'token', 'connect'].map((what, i) => ({
    what,
    began: spans[i]![0],
    ended: spans[i]![1],
  })),
})
const together = timeline([10, 30], [11, 31], [9, 10], [12, 60])
const inTurn = timeline([10, 30], [31, 51], [52, 53], [54, 100])

const verdicts = (results: Partial<DataResults>) =>
  dataTargets({ ...nothing, ...results }).map(({ measured, verdict }) => [measured, verdict])

test('what was not measured has neither a target nor a table', () => {
  expect(dataTargets(nothing)).toEqual([])
  expect(dataReport(nothing, peers)).not.toContain('|')
})

test('no call within the time to live', () => {
  const calls = (warm: number) => ({ calls: { fnware: { atInit: 6, warm, invocations: 10_000 } } })
  expect(verdicts(calls(0))).toEqual([['0', 'held']])
  expect(verdicts(calls(1))).toEqual([['1', 'missed']])
})

test('the slowest rotation counts, and one that nobody saw most of all', () => {
  const verdict = (...seen: (number | undefined)[]) => verdicts({ rotations: { fnware: [rotations(seen)] } })[0]
  expect(verdict(1600, 2200)).toEqual(['1.10 TTL (0.80–1.10)', 'held'])
  expect(verdict(1600, 2202)).toEqual(['1.10 TTL (0.80–1.10)', 'missed'])
  expect(verdict(1600, undefined)).toEqual(['2.00 TTL (0.80–2.00)', 'missed'])
})

test('one connection, in turn and at once', () => {
  const connections = (inTurn: number, atOnce: number) =>
    verdicts({ connections: { fnware: { invocations: 10_000, inTurn, atOnce } } })
  expect(connections(1, 1)).toEqual([['1 · 1', 'held']])
  expect(connections(1, 5)).toEqual([['1 · 5', 'missed']])
})

test('what a warm invocation has in its context is beyond the same peer without it', () => {
  const warm = (...held: number[]) =>
    verdicts({ warm: { fnware: { empty: figures(100, 110, 120), held: figures(...held) } } })
  expect(warm(200, 210, 220)).toEqual([['100 ns (100–100)', 'held']])
  expect(warm(400, 410, 420)).toEqual([['300 ns (300–300)', 'missed']])
  expect(warm(200, 310, 420)).toEqual([['200 ns (100–300)', 'not settled']])
  const hand = { empty: figures(60, 60, 60) }
  expect(verdicts({ warm: { fnware: { held: figures(200, 210, 220) }, hand } })).toEqual([['150 ns (140–160)', 'held']])
})

test('an INIT overlaps where all were under way at once, and the token did not wait', () => {
  expect(overlaps(together)).toBe(true)
  expect(overlaps(inTurn)).toBe(false)
  expect(overlaps(timeline([10, 30], [11, 31], [40, 41], [12, 60]))).toBe(false)
  expect(overlaps(timeline([10, 30], [11, 31], [9, 10], [30, 60]))).toBe(false)
  expect(verdicts({ timelines: { fnware: [together, inTurn] } })).toEqual([['in 1 of 2', 'missed']])
})

test('undici is not loaded with `https()`', () => {
  const transports = (undici: boolean) => ({ transports: { https: { starts: starts(undici, 50, 51), size } } })
  expect(verdicts(transports(false))).toEqual([['in 0 of 2', 'held']])
  expect(verdicts(transports(true))).toEqual([['in 2 of 2', 'missed']])
})

test('the tables say what each peer did', () => {
  const one = { starts: starts(false, 60, 62), size }
  const text = dataReport(
    {
      calls: { fnware: { atInit: 6, warm: 0, invocations: 10_000 } },
      rotations: {
        fnware: [rotations([1500, 1600]), rotations([1700])],
        middy: [rotations([undefined], { ...served, answered: 150, failed: 50, slowest: 400 })],
      },
      connections: { middy: { invocations: 10_000, inTurn: 1, atOnce: 5 } },
      warm: { fnware: { empty: figures(140), held: figures(190), read: figures(300) } },
      timelines: { fnware: [together] },
      transports: {
        'part-empty': { starts: starts(false, 40, 42), size },
        ...Object.fromEntries(['core', 'https', 'extension', 'client', 'middy'].map((name) => [name, one])),
        sdk: { starts: starts(true, 90, 92), size },
      },
    },
    peers,
  )
  expect(text).toContain('| fnware | 6 | 0 |')
  expect(text).toContain('| fnware | 1.60 s (1.50 s–1.70 s) | 1.60 s (1.50 s–1.70 s) | all 400 invocations answered')
  expect(text).toContain(
    '| middy | not within 4.00 s | not within 4.00 s | 50 of 200 invocations failed, the slowest after 0.40 s |',
  )
  expect(text).toContain('| middy | 1 | 5 |')
  expect(text).toContain('| fnware | 140 ns | 50 ns (50–50) | 160 ns (160–160) |')
  expect(text).toContain('| fnware | 10–30 | 11–31 | 9–10 | 12–60 | 100.0 ms |')
  expect(text).toContain('| `https()` | 20.0 ms | 20.0–20.0 | 20.0 ms | 1.2 kB | no |')
  expect(text).toContain('| `sdk()` | 50.0 ms | 50.0–50.0 | 50.0 ms | 1.2 kB | yes |')
})

test('a process that ended is said to have', () => {
  const outage = { ...served, answered: 9, failed: 1, ended: 'InternalServiceError' }
  const middy = [rotations([1600]), rotations([1600], outage)]
  const text = dataReport({ ...nothing, rotations: { middy } }, peers)
  expect(text).toContain(
    '1 of 210 invocations failed, the slowest after 0.12 s; 1 of 2 processes ended (InternalServiceError) |',
  )
})

test('timelines are drawn over one scale', () => {
  expect(
    chart([
      { title: 'a', timelines: [together] },
      { title: 'b', timelines: [{ ...inTurn, ready: 200 }] },
    ]).split('\n'),
  ).toEqual([
    '```text',
    'a: 100 ms',
    '  secrets       ██████',
    '  parameters    ██████',
    '  token         █',
    '  connect        ██████████████',
    '',
    'b: 200 ms',
    '  secrets       ██████',
    '  parameters          ██████',
    '  token                      █',
    '  connect                    ██████████████',
    '```',
  ])
})
