import type { DataPeer } from '../data/harness/peer.ts'
import { dataReport } from '../data/harness/report.ts'
import { observabilityCells } from '../observability/harness/cells.ts'
import type { ObservabilityPeer } from '../observability/harness/peer.ts'
import { observabilityReport } from '../observability/harness/report.ts'
import { type Cell, cells, type Group } from './cells.ts'
import { beyond, medianOf, ratioOf } from './compare.ts'
import type { Found } from './discover.ts'
import { emptyModule, parts } from './parts.ts'
import { kilobytes, level, megabytes, milliseconds, percent, table, time, times } from './render.ts'
import type { Results } from './results.ts'
import { median, noise, quartiles } from './statistics.ts'
import { targets } from './targets.ts'

/** What stands at the head of a report. */
export interface Run {
  readonly command: string
  readonly date: string
  readonly machine: string
  readonly versions: string
  /** Which fnware. */
  readonly commit: string
  readonly rounds: number
  readonly minutes: number
  readonly load: readonly [before: number, after: number]
  readonly busy: boolean
}

/** The peers of each table. */
export interface Peers {
  readonly all: readonly Found[]
  readonly data: readonly DataPeer[]
  readonly observability: readonly ObservabilityPeer[]
}

export const report = (results: Results, { all: peers, data, observability }: Peers, run: Run): string =>
  [
    '# Benchmarks',
    `\`${run.command}\` on ${run.date}, in ${run.minutes.toFixed(1)} minutes. ${run.machine}. fnware at ${run.commit}. ${run.versions}.`,
    `What is measured, how, and what makes it fair is in [test/bench](../test/bench/README.md). One run, in which all took turns, each figure from ${run.rounds} fresh processes: trust the ratios. ${disturbance(results, run)}`,
    run.busy && '**The machine had other things to do: not to be quoted.**',
    section('Targets', targetTable(results, peers, run)),
    chains(results, peers, 'empty', 'Nothing in the chain', 'bare'),
    chains(results, peers, 'adding', 'Middlewares that add a value', 'bare'),
    chains(results, peers, 'around', 'Something after the handler, come what may', 'bare'),
    chains(results, peers, 'resources', '10 values fetched once', 'bare'),
    chains(results, peers, 'http', 'The HTTP stack: log, limit, JSON, schema, problems', 'hand'),
    chains(results, peers, 'routes', 'Routes', 'hand'),
    section('Cold start of the HTTP stack', coldTable(results, peers)),
    section('What a cold start is made of', partTable(results)),
    section('Size', sizeTable(results, peers)),
    section('Memory after 10,000 invocations of the HTTP stack', memoryTable(results, peers)),
    results.data && section('Configuration and data', dataReport(results.data, data)),
    results.observability && section('Observability', observabilityReport(results.observability, observability)),
    section('Every figure', everything(results, { all: peers, data, observability })),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n')

const section = (title: string, body: string) => (body === '' ? '' : `## ${title}\n\n${body}`)

const disturbance = ({ invocations, observability }: Results, { load }: Run): string => {
  const rows = [...Object.values(invocations), ...Object.values(observability?.invocations ?? {})]
  const all = rows.flatMap((row) => Object.values(row))
  if (all.length === 0) return ''
  const spread = median(all.map((figures) => noise(quartiles(figures.map(({ cpu }) => cpu)))))
  const shared = median(all.flat().map(({ cpu, wall }) => wall / cpu))
  return `The noise: the quartiles of a cell's rounds are ${percent(spread)} of its median apart (the median cell); by the clock on the wall all took ${times(shared)} as long as by processor time, so that much of the machine was somebody else's (load ${load.map((one) => one.toFixed(1)).join(' before, ')} after).`
}

const verdicts = {
  held: 'held',
  missed: '**missed**',
  'not settled': 'not settled (the interval holds the limit)',
} as const
const targetTable = (results: Results, peers: readonly Found[], { rounds }: Run) => {
  const rows = targets(results, peers)
  if (rows.length === 0) return ''
  return table(
    ['', 'target', `measured (${level(rounds)})`, ''],
    rows.map(({ what, target, measured, verdict }) => [what, target, measured, verdicts[verdict]]),
  )
}

const chains = (results: Results, peers: readonly Found[], group: Group, title: string, base: string): string => {
  const columns = cells.filter((cell) => cell.group === group && results.invocations[cell.id])
  const cpu = (cell: Cell, peer: string) => results.invocations[cell.id]?.[peer]?.map(({ cpu }) => cpu)
  const rows = peers
    .filter(({ name }) => columns.some((cell) => cpu(cell, name)))
    .map((peer) => [
      peer.module.peer.title,
      ...columns.map((cell) => {
        const values = cpu(cell, peer.name)
        if (!values) return ''
        const to = cpu({ ...cell, id: cell.id.replace('over-', 'around-') }, base)
        const mark = cell.id.endsWith('-wrong') && peer.module.peer.cannot?.['wrong method'] ? ' (404)' : ''
        return `${time(median(values))}${to ? ` · ${times(median(values) / median(to))}` : ''}${mark}`
      }),
    ])
  if (rows.length === 0) return ''
  return section(
    title,
    `${table([`per invocation · to ${base === 'hand' ? 'by hand' : base}`, ...columns.map(({ title }) => title)], rows)}${note(group, peers)}`,
  )
}

/** What one must know to read a table rightly. */
const note = (group: Group, peers: readonly Found[]) => {
  if (group === 'routes') return letOff(peers, 'wrong method')
  if (group === 'http')
    return `${letOff(peers, 'deadline')}\n\nfnware's logger makes what an invocation's lines have in common with the first of them, and at level WARN there is none. The others are told it when an invocation begins, at any level, as Powertools documents it.`
  return '\n\nPlain fnware arms no timer unless `ctx.signal` is read: its equal is Middy with its timeout off. Middy as it comes is the equal of fnware with a source.'
}

/** What some of the peers cannot do, and do not pay for. */
const letOff = (peers: readonly Found[], check: 'deadline' | 'wrong method') => {
  const reasons = peers.flatMap(({ module: { peer } }) => {
    const reason = peer.cannot?.[check]
    return reason ? [`${peer.title}: ${reason}`] : []
  })
  return reasons.length === 0 ? '' : `\n\nUnlike the others, as to the ${check}: ${reasons.join('; ')}.`
}

const coldTable = ({ cold }: Results, peers: readonly Found[]) => {
  const empty = cold[emptyModule.name]
  if (!empty) return ''
  const net = (name: string, of: 'wall' | 'cpu') =>
    beyond(
      cold[name]!.map((start) => start[of]),
      empty.map((start) => start[of]),
    )
  const rows = peers
    .filter(({ name }) => cold[name])
    .map(({ name, module }) => {
      const wall = medianOf(net(name, 'wall'))
      const hand = cold.hand && ratioOf(net(name, 'wall'), net('hand', 'wall'))
      return [
        module.peer.title,
        milliseconds(wall.median),
        `${wall.low.toFixed(1)}–${wall.high.toFixed(1)}`,
        hand ? `${times(hand.median)} (${hand.low.toFixed(2)}–${hand.high.toFixed(2)})` : '',
        milliseconds(median(net(name, 'cpu'))),
      ]
    })
  const base = milliseconds(median(empty.map(({ wall }) => wall)))
  return `${table(['', 'beyond an empty module', level(empty.length), `to by hand (${level(empty.length)})`, 'processor time beyond'], rows)}\n\nFrom the spawning of the process to its first answer, ${empty.length} times, interleaved. An empty module takes ${base}.`
}

const partTable = ({ parts: measured }: Results) => {
  const empty = measured[emptyModule.name]
  if (!empty) return ''
  const rows = parts.map(({ name, title }) => {
    const net = (of: 'wall' | 'cpu') =>
      beyond(
        measured[name]!.map((start) => start[of]),
        empty.map((start) => start[of]),
      )
    const { median: middle, low, high } = medianOf(net('wall'))
    return [title, milliseconds(middle), `${low.toFixed(1)}–${high.toFixed(1)}`, milliseconds(median(net('cpu')))]
  })
  return `${table(['alone, used once', 'beyond an empty module', level(empty.length), 'processor time beyond'], rows)}\n\n${empty.length} times each.`
}

const sizeTable = ({ sizes }: Results, peers: readonly Found[]) => {
  const title = (name: string) => {
    const peer = peers.find((peer) => peer.name === name)
    return peer ? `HTTP stack: ${peer.module.peer.title}` : name.replace(/^(\w+\(.*)$/, '`$1`')
  }
  const rows = Object.entries(sizes).map(([name, { minified, gzip }]) => [
    title(name),
    kilobytes(minified),
    kilobytes(gzip),
  ])
  return rows.length === 0 ? '' : table(['', 'minified', 'gzipped'], rows)
}

const memoryTable = ({ memory }: Results, peers: readonly Found[]) => {
  const rows = peers
    .filter(({ name }) => memory[name])
    .map(({ name, module }) => {
      const { median, lower, upper } = quartiles(memory[name]!)
      const hand = memory.hand && times(ratioOf(memory[name]!, memory.hand).median)
      return [
        module.peer.title,
        megabytes(median),
        `${(lower / 1e6).toFixed(1)}–${(upper / 1e6).toFixed(1)}`,
        hand ?? '',
      ]
    })
  return rows.length === 0 ? '' : table(['', 'resident set', 'quartiles', 'to by hand'], rows)
}

const everything = ({ invocations, observability }: Results, peers: Peers) => {
  const measured = [
    ...cells.map(({ id }) => ({ id, row: invocations[id], peers: peers.all })),
    ...observabilityCells.map(({ id }) => ({
      id: `observability ${id}`,
      row: observability?.invocations[id],
      peers: peers.observability,
    })),
  ]
  const rows = measured.flatMap(({ id, row, peers }) =>
    peers.flatMap(({ name, module }) => {
      const figures = row?.[name]
      if (!figures) return []
      const { median: middle, lower, upper } = quartiles(figures.map(({ cpu }) => cpu))
      const wall = median(figures.map(({ wall }) => wall))
      return [[`${id}, ${module.peer.title}`, time(middle), time(lower), time(upper), time(wall)]]
    }),
  )
  return rows.length === 0 ? '' : table(['', 'median', 'lower quartile', 'upper quartile', 'on the wall'], rows)
}
