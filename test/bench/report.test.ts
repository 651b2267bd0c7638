import { expect, test } from 'vitest'
import { groups } from './harness/cells.ts'
import type { Found } from './harness/discover.ts'
import { optionsOf } from './harness/options.ts'
import { level, time, times } from './harness/render.ts'
import { report } from './harness/report.ts'
import type { Results } from './harness/results.ts'
import { targets } from './harness/targets.ts'

const peer = (name: string, order: number, cannot = {}): Found => ({
  name,
  file: `${name}.ts`,
  module: { peer: { title: name, packages: [], order, cannot } },
})
const peers = [
  peer('bare', 0),
  peer('hand', 1),
  peer('fnware', 2),
  peer('middy', 3, { 'wrong method': 'it answers 404' }),
]
const everyone = { all: peers, data: [], observability: [] }
const figures = (...cpu: number[]) => cpu.map((cpu) => ({ cpu, wall: cpu * 2 }))
const starts = (...wall: number[]) => wall.map((wall) => ({ wall, cpu: wall, undici: false }))
const nothing: Results = { invocations: {}, cold: {}, parts: {}, sizes: {}, memory: {} }

test('a target is held up to its limit, and missed beyond it', () => {
  const empty = (fnware: number) =>
    targets(
      { ...nothing, invocations: { empty: { bare: figures(50, 50, 50), fnware: figures(fnware, fnware, fnware) } } },
      peers,
    )
  expect(empty(100)).toEqual([
    { what: 'empty chain, to bare', target: '≤ 2 ×', measured: '2.00 × (2.00–2.00)', verdict: 'held' },
  ])
  expect(empty(101)[0]).toMatchObject({ verdict: 'missed' })
})

test('a target is not settled while its interval holds the limit, whichever side the median is on', () => {
  const verdict = (...fnware: number[]) =>
    targets(
      { ...nothing, invocations: { empty: { bare: figures(50, 50, 50), fnware: figures(...fnware) } } },
      peers,
    )[0]!.verdict
  expect(verdict(80, 90, 120)).toBe('not settled')
  expect(verdict(80, 110, 120)).toBe('not settled')
  expect(verdict(101, 110, 120)).toBe('missed')
  expect(verdict(80, 90, 100)).toBe('held')
})

test('a router is not first for certain while the interval of one framework holds 1', () => {
  const rows = { fnware: figures(10, 10, 10), middy: figures(9, 12, 13) }
  const results = { ...nothing, invocations: { 'routes-12-hit': rows } }
  expect(targets(results, peers)[0]).toMatchObject({
    measured: 'routes-12-hit, middy to fnware: 1.20 × (0.90–1.30)',
    verdict: 'not settled',
  })
})

test('Middy must be three times slower in every cell, and asynchronous layers and synchronous ones each with their like', () => {
  const results = {
    ...nothing,
    invocations: {
      empty: { fnware: figures(100), middy: figures(300) },
      'around-10': { fnware: figures(1000), middy: figures(2500) },
      'over-10': { fnware: figures(500), middy: figures(1400) },
    },
  }
  expect(targets(results, peers)).toEqual([
    expect.objectContaining({
      measured: 'around-10: 2.50 × (2.50–2.50), over-10: 2.80 × (2.80–2.80)',
      verdict: 'missed',
    }),
  ])
})

test('the HTTP stack is compared with the best of the frameworks', () => {
  const http = { hand: figures(9), fnware: figures(10), middy: figures(40), hono: figures(25) }
  const results = { ...nothing, invocations: { 'http-ok': http } }
  expect(targets(results, [...peers, peer('hono', 4)])[1]).toEqual({
    what: 'HTTP stack, success, to the best other framework (hono)',
    target: '≤ 0.5 ×',
    measured: '0.40 × (0.40–0.40)',
    verdict: 'held',
  })
})

test('the HTTP stack has targets where it logs and where it is quiet', () => {
  const http = { hand: figures(9), fnware: figures(10), middy: figures(40) }
  const what = (cell: string) =>
    targets({ ...nothing, invocations: { [cell]: http } }, peers).map(({ what, target }) => `${what} ${target}`)
  expect(what('http-invalid-quiet')).toEqual([
    'HTTP stack, validation failure, level WARN, to by hand ≤ 1.3 ×',
    'HTTP stack, validation failure, level WARN, to the best other framework (middy) ≤ 0.5 ×',
  ])
  expect(what('http-invalid')).toEqual(what('http-invalid-quiet').map((text) => text.replace(', level WARN', '')))
})

test('a router is first when no other framework is faster; by hand does not count', () => {
  const first = (middy: number) =>
    targets(
      {
        ...nothing,
        invocations: { 'routes-12-hit': { hand: figures(1), fnware: figures(10), middy: figures(middy) } },
      },
      peers,
    )[0]
  expect(first(11)).toMatchObject({ measured: 'first in every cell', verdict: 'held' })
  expect(first(9)).toMatchObject({ measured: 'routes-12-hit, middy to fnware: 0.90 × (0.90–0.90)', verdict: 'missed' })
})

test('cold starts are compared beyond an empty module', () => {
  const cold = { 'part-empty': starts(40, 50), hand: starts(60, 70), fnware: starts(62, 72), middy: starts(100, 110) }
  expect(targets({ ...nothing, cold }, peers).map(({ measured, verdict }) => [measured, verdict])).toEqual([
    ['1.10 × (1.10–1.10)', 'held'],
    ['2.73 × (2.73–2.73)', 'held'],
    // Here both clocks go alike.
    ['1.10 × (1.10–1.10)', 'held'],
    ['2.73 × (2.73–2.73)', 'held'],
  ])
})

test('a report has a section for what was measured and none for what was not', () => {
  const results = {
    ...nothing,
    invocations: {
      'routes-12-wrong': { hand: figures(1000, 1200), middy: figures(9000, 9100) },
    },
  }
  const run = {
    command: 'pnpm bench',
    date: '2026-11-24',
    machine: 'Node 24',
    versions: 'zod 4',
    rounds: 2,
    minutes: 1,
    load: [0, 1] as const,
    commit: 'abc123',
    busy: false,
  }
  const text = report(results, everyone, run)
  expect(text).toContain('| middy | 9.05 µs · 8.23 × (404) |')
  expect(text).toContain('as to the wrong method: middy: it answers 404.')
  expect(text).toContain('all took 2.00 × as long as by processor time')
  expect(text).not.toContain('Cold start')
  expect(text).toContain('fnware at abc123.')
  expect(text).not.toContain('not to be quoted')
  expect(report(results, everyone, { ...run, busy: true })).toContain('not to be quoted')
})

test('an interval of few rounds is not called one of 95 %', () => {
  expect(level(5)).toBe('95 %')
  expect(level(4)).toBe('resamples of 4 rounds')
})

test('figures are written with three digits', () => {
  expect([59.6, 999, 1234, 12_340, 123_400].map(time)).toEqual(['60 ns', '999 ns', '1.23 µs', '12.3 µs', '123 µs'])
  expect([1, 12.34, 123.4].map(times)).toEqual(['1.00 ×', '12.3 ×', '123 ×'])
})

test('a whole run writes the page, a part of one only when told to', () => {
  expect(optionsOf([])).toMatchObject({ write: true, only: groups, rounds: 5, starts: 40 })
  expect(optionsOf(['--only', 'http,cold'])).toMatchObject({ write: false, only: ['http', 'cold'] })
  expect(optionsOf(['--peers', 'fnware,bare', '--write'])).toMatchObject({ write: true, peers: ['fnware', 'bare'] })
  expect(optionsOf(['--quick'])).toMatchObject({ write: false, rounds: 2 })
  expect(optionsOf(['--rounds', '9'])).toMatchObject({ write: false, rounds: 9 })
})

test('what is asked for and is not there is an error', () => {
  expect(() => optionsOf(['--only', 'colds'])).toThrow('--only knows no colds')
  expect(() => optionsOf(['--rounds', '0'])).toThrow('number from 1')
  expect(() => optionsOf(['--faster'])).toThrow("Unknown option '--faster'")
})
