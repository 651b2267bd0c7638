import { dataTargets } from '../data/harness/targets.ts'
import { observabilityTargets } from '../observability/harness/targets.ts'
import { cells } from './cells.ts'
import { beyond, ratioOf } from './compare.ts'
import type { Found } from './discover.ts'
import { emptyModule } from './parts.ts'
import { kilobytes } from './render.ts'
import type { Results } from './results.ts'
import { median } from './statistics.ts'
import { all, atLeast, atMost, measured, reached, type Target } from './verdict.ts'

/** All targets for which this run has the figures. */
export const targets = (results: Results, peers: readonly Found[]): readonly Target[] => [
  ...ceilings(results),
  ...besideTheBest(results, peers),
  ...fasterThanMiddy(results),
  ...firstAmongRouters(results, peers),
  ...coldStarts(results),
  ...sizes(results),
  ...memory(results),
  ...(results.data ? dataTargets(results.data) : []),
  ...(results.observability ? observabilityTargets(results.observability) : []),
]

const cpu = ({ invocations }: Results, cell: string, peer: string): readonly number[] | undefined =>
  invocations[cell]?.[peer]?.map(({ cpu }) => cpu)

/** [what, limit, cell, peer, and the peer and cell that it is a ratio to] */
type Ceiling = readonly [string, number, string, string, string, string?]
const ceilingsOf: readonly Ceiling[] = [
  ['empty chain, to bare', 2, 'empty', 'fnware', 'bare'],
  ['empty chain with a source that answers deadlines, to bare', 4.5, 'empty', 'fnware-source', 'bare'],
  ['10 adding middlewares, to bare', 8, 'adding-10', 'fnware', 'bare'],
  ['10 adding middlewares with a source, to bare', 10.5, 'adding-10', 'fnware-source', 'bare'],
  ['10 resources, to bare', 2.2, 'resources-10', 'fnware', 'bare'],
  ['10 resources with a source, to bare', 4.5, 'resources-10', 'fnware-source', 'bare'],
  ['10 around-layers through `over`, to ten nested by hand', 1.1, 'over-10', 'fnware', 'hand', 'around-10'],
  ['the same with a source', 1.1, 'over-10', 'fnware-source', 'hand', 'around-10'],
  ['HTTP stack, success, to by hand', 1.3, 'http-ok', 'fnware', 'hand'],
  ['HTTP stack, validation failure, to by hand', 1.3, 'http-invalid', 'fnware', 'hand'],
  ['HTTP stack, success, level WARN, to by hand', 1.3, 'http-ok-quiet', 'fnware', 'hand'],
  ['HTTP stack, validation failure, level WARN, to by hand', 1.3, 'http-invalid-quiet', 'fnware', 'hand'],
]
const ceilings = (results: Results): Target[] =>
  ceilingsOf.flatMap(([what, limit, cell, peer, base, baseCell = cell]) => {
    const values = cpu(results, cell, peer)
    const to = cpu(results, baseCell, base)
    return values && to ? [atMost(what, limit, ratioOf(values, to))] : []
  })

const isFramework = ({ name }: Found) => name !== 'bare' && name !== 'hand' && !name.startsWith('fnware')

const besideTheBest = (results: Results, peers: readonly Found[]): Target[] =>
  [
    ['HTTP stack, success', 'http-ok'],
    ['HTTP stack, validation failure', 'http-invalid'],
    ['HTTP stack, success, level WARN', 'http-ok-quiet'],
    ['HTTP stack, validation failure, level WARN', 'http-invalid-quiet'],
  ].flatMap(([what, cell]): Target[] => {
    const own = cpu(results, cell!, 'fnware')
    const [best] = peers
      .filter(isFramework)
      .flatMap(({ name, module }) => {
        const values = cpu(results, cell!, name)
        return values ? [{ title: module.peer.title, values }] : []
      })
      .toSorted((a, b) => median(a.values) - median(b.values))
    return own && best
      ? [atMost(`${what}, to the best other framework (${best.title})`, 0.5, ratioOf(own, best.values))]
      : []
  })

/** The cell in which fnware is nearest to Middy. What waits is compared with what waits, and what does not with its like. */
const fasterThanMiddy = (results: Results): Target[] =>
  ['fnware', 'fnware-source'].flatMap((peer): Target[] => {
    const ratios = cells.flatMap(({ id, group }) => {
      const own = cpu(results, id, peer)
      const middys = cpu(results, id, 'middy')
      return group !== 'http' && group !== 'routes' && own && middys ? [{ id, ratio: ratioOf(middys, own) }] : []
    })
    const worst = ratios.toSorted((a, b) => a.ratio.median - b.ratio.median)[0]
    if (!worst) return []
    const short = ratios.filter(({ ratio }) => reached(3, ratio) !== 'held')
    return [
      {
        what: `${peer === 'fnware' ? 'without' : 'with'} a source, faster than Middy's default in every cell of a chain`,
        target: '≥ 3 ×',
        measured: (short.length > 0 ? short : [worst]).map(({ id, ratio }) => `${id}: ${measured(ratio)}`).join(', '),
        verdict: all(ratios.map(({ ratio }) => reached(3, ratio))),
      },
    ]
  })

const firstAmongRouters = (results: Results, peers: readonly Found[]): Target[] => {
  const rows = cells.filter(({ group, id }) => group === 'routes' && cpu(results, id, 'fnware'))
  if (rows.length === 0) return []
  const ratios = rows.flatMap(({ id }) =>
    peers.filter(isFramework).flatMap(({ name, module }) => {
      const values = cpu(results, id, name)
      return values ? [{ id, title: module.peer.title, ratio: ratioOf(values, cpu(results, id, 'fnware')!) }] : []
    }),
  )
  const short = ratios.filter(({ ratio }) => reached(1, ratio) !== 'held')
  return [
    {
      what: '12 and 200 routes, first of all frameworks in every cell',
      target: 'first',
      measured:
        short.map(({ id, title, ratio }) => `${id}, ${title} to fnware: ${measured(ratio)}`).join(', ') ||
        'first in every cell',
      verdict: all(ratios.map(({ ratio }) => reached(1, ratio))),
    },
  ]
}

/** By the clock, and by processor time too, which tells what the clock cannot where others have the machine. */
const coldStarts = ({ cold }: Results): Target[] =>
  (['wall', 'cpu'] as const).flatMap((of): Target[] => {
    const net = (name: string) => {
      const [starts, empty] = [cold[name], cold[emptyModule.name]]
      return (
        starts &&
        empty &&
        beyond(
          starts.map((start) => start[of]),
          empty.map((start) => start[of]),
        )
      )
    }
    const [own, hand] = [net('fnware'), net('hand')]
    if (!own) return []
    const what = `cold start of the HTTP stack${of === 'cpu' ? ' in processor time' : ''}`
    const others = ['middy', 'hono', 'powertools-router', 'powertools-middy'].flatMap((name): Target[] => {
      const values = net(name)
      return values ? [atLeast(`${what}, ${name} to fnware`, 1.7, ratioOf(values, own))] : []
    })
    return [...(hand ? [atMost(`${what}, to by hand`, 1.1, ratioOf(own, hand))] : []), ...others]
  })

const sizes = ({ sizes }: Results): Target[] =>
  [
    ['`lambda()` alone, minified and gzipped', 'lambda()', 2500],
    ['core and http with its router, minified and gzipped', 'lambda(http()).routes()', 6000],
  ].flatMap(([what, name, limit]) => {
    const size = sizes[name as string]
    return size
      ? [
          {
            what: what as string,
            target: `≤ ${kilobytes(limit as number, 2)}`,
            measured: kilobytes(size.gzip, 2),
            verdict: size.gzip <= (limit as number) ? 'held' : 'missed',
          },
        ]
      : []
  })

const memory = ({ memory }: Results): Target[] => {
  const { fnware, hand } = memory
  return fnware && hand ? [atMost('RSS after 10,000 invocations, to by hand', 1.1, ratioOf(fnware, hand))] : []
}
