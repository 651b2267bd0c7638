import { beyond, medianOf } from '../../harness/compare.ts'
import { emptyModule } from '../../harness/parts.ts'
import { kilobytes, level, milliseconds, table, time } from '../../harness/render.ts'
import { median } from '../../harness/statistics.ts'
import { chart } from './chart.ts'
import { kinds, latency, together } from './kinds.ts'
import type { DataPeer } from './peer.ts'
import type { DataResults, Outage, Rotations } from './results.ts'
import { transports } from './transports.ts'

/** The section of configuration and data. */
export const dataReport = (results: DataResults, peers: readonly DataPeer[]): string =>
  [
    "Against a stand-in for AWS that verifies every signature, and PostgreSQL with TLS behind a proxy that takes IAM tokens, all on this machine. By hand and Middy use the SDK's clients, bundled. Of Middy's packages the registry of this run has `@middy/ssm`, an older `@middy/secrets-manager` and neither `@middy/rds` nor a `@middy/rds-signer` for today's SDK: what stands for these two does by hand what they do with what is on by default.",
    subsection('Calls to AWS: 5 secrets and 5 parameters', callTable(results, peers)),
    subsection('Rotation, and a service that fails', rotationTable(results, peers)),
    subsection('Connections to the database', connectionTable(results, peers)),
    subsection('A warm invocation with 5 secrets and a pool', warmTable(results, peers)),
    subsection(`INIT, with ${latency} ms on every call and on the connect`, timelineTable(results, peers)),
    subsection('What a transport costs a cold start', transportTable(results)),
  ]
    .filter(Boolean)
    .join('\n\n')

const subsection = (title: string, body: string) => (body === '' ? '' : `### ${title}\n\n${body}`)

/** A row for each peer that has something to show. */
const rowsOf = <T>(
  peers: readonly DataPeer[],
  results: Readonly<Record<string, T>>,
  cells: (own: T, name: string) => readonly string[],
) => peers.flatMap(({ name, module }) => (results[name] ? [[module.peer.title, ...cells(results[name], name)]] : []))

const callTable = ({ calls }: DataResults, peers: readonly DataPeer[]) => {
  const rows = rowsOf(peers, calls, ({ atInit, warm }) => [String(atInit), String(warm)])
  const [first] = Object.values(calls)
  return first ? table(['', 'until the first answer', `in ${first.invocations} warm invocations`], rows) : ''
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

const rotationTable = ({ rotations }: DataResults, peers: readonly DataPeer[]) => {
  const rows = rowsOf(peers, rotations, (own) => [
    seen(own, ({ secret }) => secret),
    seen(own, ({ parameter }) => parameter),
    during(own.map(({ outage }) => outage)),
  ])
  const [first] = Object.values(rotations).flat()
  if (!first) return ''
  return `${table(
    ['', 'a secret is seen after', 'a parameter', `every call fails for ${seconds(first.outage.ms)}`],
    rows,
  )}\n\nAn invocation every 10 ms; a time to live of ${seconds(first.ttl)} where one can be given. Each rotation comes just after a fetch: the longest that a new value goes unseen. The median, and the extremes.`
}

const seen = (own: readonly Rotations[], pick: (one: Rotations) => readonly (number | undefined)[]) => {
  const after = own.flatMap(pick)
  const { patience } = own[0]!
  const times = after.filter((ms) => ms !== undefined)
  if (times.length < after.length) return `not within ${seconds(patience)}`
  const extremes = times.length > 1 ? ` (${seconds(Math.min(...times))}–${seconds(Math.max(...times))})` : ''
  return `${seconds(median(times))}${extremes}`
}

const during = (outages: readonly Outage[]) => {
  const sum = (of: (outage: Outage) => number) => outages.reduce((all, outage) => all + of(outage), 0)
  const failed = sum((outage) => outage.failed)
  const all = failed + sum((outage) => outage.answered)
  const outcome = failed === 0 ? `all ${all} invocations answered` : `${failed} of ${all} invocations failed`
  const ended = outages.filter((outage) => outage.ended !== undefined)
  return [
    `${outcome}, the slowest after ${seconds(Math.max(...outages.map(({ slowest }) => slowest)))}`,
    ended.length > 0 && `${ended.length} of ${outages.length} processes ended (${ended[0]!.ended})`,
  ]
    .filter(Boolean)
    .join('; ')
}

const connectionTable = ({ connections }: DataResults, peers: readonly DataPeer[]) => {
  const rows = rowsOf(peers, connections, ({ inTurn, atOnce }) => [String(inTurn), String(atOnce)])
  const [first] = Object.values(connections)
  if (!first) return ''
  return table([`opened in ${first.invocations} invocations`, 'in turn', `${together} at once`], rows)
}

const warmTable = ({ warm }: DataResults, peers: readonly DataPeer[]) => {
  const rows = rowsOf(peers, warm, ({ empty, held, read }) => {
    const cpu = (figures: typeof empty) => figures?.map(({ cpu }) => cpu) ?? []
    const more = (figures: typeof empty) => {
      if (!figures || !empty) return ''
      const { median, low, high } = medianOf(beyond(cpu(figures), cpu(empty)))
      return `${median.toFixed(0)} ns (${low.toFixed(0)}–${high.toFixed(0)})`
    }
    return [empty ? time(median(cpu(empty))) : '', more(held), more(read)]
  })
  const rounds = Math.max(
    0,
    ...Object.values(warm).flatMap((cells) => Object.values(cells).map(({ length }) => length)),
  )
  if (rows.length === 0) return ''
  return table(['', 'without', `in its context: more (${level(rounds)})`, 'and read: more'], rows)
}

const timelineTable = ({ timelines }: DataResults, peers: readonly DataPeer[]) => {
  const rows = rowsOf(peers, timelines, (own) => {
    const of = (pick: (timeline: (typeof own)[number]) => number) => median(own.map(pick)).toFixed(0)
    return [
      ...kinds.map((_, i) => `${of(({ spans }) => spans[i]!.began)}–${of(({ spans }) => spans[i]!.ended)}`),
      milliseconds(median(own.map(({ ready }) => ready))),
    ]
  })
  const [first] = Object.values(timelines)
  if (!first) return ''
  const bars = peers.flatMap(({ name, module }) => {
    const own = timelines[name]
    return own ? [{ title: module.peer.title, timelines: own }] : []
  })
  return `${table(['ms from the loading of the function', ...kinds, 'first answer'], rows)}\n\nMedians of ${first.length} starts: when the first of its kind began, and the last ended. A token is signed without a call.\n\n${chart(bars)}`
}

const transportTable = ({ transports: measured }: DataResults) => {
  const empty = measured[emptyModule.name]
  if (!empty) return ''
  const rows = transports.map(({ name, title }) => {
    const { starts, size } = measured[name]!
    const net = (of: 'wall' | 'cpu') =>
      beyond(
        starts.map((start) => start[of]),
        empty.starts.map((start) => start[of]),
      )
    const wall = medianOf(net('wall'))
    return [
      title,
      milliseconds(wall.median),
      `${wall.low.toFixed(1)}–${wall.high.toFixed(1)}`,
      milliseconds(median(net('cpu'))),
      kilobytes(size.gzip),
      starts.some(({ undici }) => undici) ? 'yes' : 'no',
    ]
  })
  const head = [
    'one secret',
    'beyond an empty module',
    level(empty.starts.length),
    'processor time beyond',
    'gzipped',
    'undici',
  ]
  return `${table(head, rows)}\n\nFrom the spawning of the process to the first answer, ${empty.starts.length} times each, interleaved. The SDK is in the bundle, which loads faster than the runtime's own.`
}
