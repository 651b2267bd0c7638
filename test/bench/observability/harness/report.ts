import { medianOf, ratioOf } from '../../harness/compare.ts'
import { emptyModule } from '../../harness/parts.ts'
import { kilobytes, level, milliseconds, table, time, times } from '../../harness/render.ts'
import { median } from '../../harness/statistics.ts'
import { observabilityCells, type Told } from './cells.ts'
import { situations } from './cold.ts'
import type { ObservabilityPeer } from './peer.ts'
import type { ObservabilityResults } from './results.ts'
import { cpuOf, netStarts, tenAwaits } from './targets.ts'

/** The section of what observes an invocation. */
export const observabilityReport = (results: ObservabilityResults, peers: readonly ObservabilityPeer[]): string =>
  [
    'Each invocation is told of its trace as Lambda does it, in its context and in the environment; putting it there is timed with all. Datagrams go to a listener in another process. Sampled, a turn of the event loop follows each invocation and is timed, since what is sent is sent in it.',
    subsection('Not sampled', invocationTable(results, peers, ['unsampled', 'after'])),
    subsection('Sampled', invocationTable(results, peers, ['sampled'])),
    subsection('Ten `await`s', awaitTable(results, peers)),
    subsection('Cold start of the observed stack', coldTable(results, peers)),
  ]
    .filter(Boolean)
    .join('\n\n')

const subsection = (title: string, body: string) => (body === '' ? '' : `### ${title}\n\n${body}`)

const invocationTable = (
  { invocations }: ObservabilityResults,
  peers: readonly ObservabilityPeer[],
  told: readonly Told[],
) => {
  const columns = observabilityCells.filter(
    (cell) => told.includes(cell.trace) && cell.count === undefined && invocations[cell.id],
  )
  const rows = peers
    .filter(({ name }) => columns.some(({ id }) => invocations[id]?.[name]))
    .map(({ name, module }) => [
      module.peer.title,
      ...columns.map(({ id }) => {
        const values = cpuOf(invocations, id, name)
        const own = cpuOf(invocations, id, 'fnware')
        if (!values) return ''
        return `${time(median(values))}${own && name !== 'fnware' ? ` · ${times(median(values) / median(own))}` : ''}`
      }),
    ])
  if (rows.length === 0) return ''
  return table(['per invocation · to fnware', ...columns.map(({ title }) => title)], rows)
}

const kinds = [
  ['awaits', 'no tracer'],
  ['unsampled-awaits', 'a tracer, not sampled'],
  ['after-awaits', 'not sampled, after one that was'],
  ['sampled-awaits', 'sampled'],
] as const

const awaitTable = ({ invocations, other }: ObservabilityResults, peers: readonly ObservabilityPeer[]) => {
  const nodes = [{ node: process.versions.node, invocations }, ...(other ? [other] : [])]
  const rows = nodes.flatMap(({ node, invocations }) =>
    peers.flatMap(({ name, module }) => {
      const off = tenAwaits(invocations, 'awaits', name) ?? tenAwaits(invocations, 'awaits', 'bare')
      const figures = kinds.map(([kind]) => {
        const values = tenAwaits(invocations, kind, name)
        if (!values) return ''
        const ratio = kind === 'awaits' || !off ? '' : ` · ${times(ratioOf(values, off).median)}`
        return `${time(median(values))}${ratio}`
      })
      return figures.some(Boolean) ? [[`${module.peer.title}, Node ${node}`, ...figures]] : []
    }),
  )
  if (rows.length === 0) return ''
  return table(['· to no tracer', ...kinds.map(([, title]) => title)], rows)
}

const coldTable = ({ cold, sizes }: ObservabilityResults, peers: readonly ObservabilityPeer[]) =>
  situations
    .flatMap(({ name: situation, title }) => {
      const empty = cold[situation]?.[emptyModule.name]
      const own = netStarts(cold, situation, 'fnware')
      if (!empty) return []
      const rows = peers.flatMap(({ name, module }) => {
        const net = netStarts(cold, situation, name)
        if (!net) return []
        const wall = medianOf(net.wall)
        const ratio = own && name !== 'fnware' ? ratioOf(net.wall, own.wall) : undefined
        return [
          [
            module.peer.title,
            milliseconds(wall.median),
            `${wall.low.toFixed(1)}–${wall.high.toFixed(1)}`,
            ratio ? `${times(ratio.median)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})` : '',
            milliseconds(median(net.cpu)),
            sizes[name] ? `${kilobytes(sizes[name].minified)} · ${kilobytes(sizes[name].gzip)}` : '',
          ],
        ]
      })
      const head = [
        `the first request ${title}`,
        'beyond an empty module',
        level(empty.length),
        `to fnware (${level(empty.length)})`,
        'processor time beyond',
        'minified · gzipped',
      ]
      return [`${table(head, rows)}\n\n${empty.length} times each, interleaved.`]
    })
    .join('\n\n')
