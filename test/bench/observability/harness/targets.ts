import { beyond, medianOf, type Ratio, ratioOf } from '../../harness/compare.ts'
import { emptyModule } from '../../harness/parts.ts'
import type { Table } from '../../harness/results.ts'
import { all, atLeast, atMost, measured, reached, type Target, type Verdict } from '../../harness/verdict.ts'
import { few, many } from './cells.ts'
import { situations } from './cold.ts'
import type { ObservabilityResults } from './results.ts'

/** What fnware sets out to hold of what observes an invocation, and what was measured. */
export const observabilityTargets = (results: ObservabilityResults): readonly Target[] => [
  ...fasterThanPowertools(results),
  ...freeAtRest(results),
  ...awaitTargets(results),
  ...coldTargets(results),
]

type Invocations = ObservabilityResults['invocations']

export const cpuOf = (invocations: Invocations, cell: string, peer: string): readonly number[] | undefined =>
  invocations[cell]?.[peer]?.map(({ cpu }) => cpu)

const compared = [
  ['logger, with the line that ends an invocation', 'logger'],
  ['tracer, not sampled', 'tracer'],
  ['tracer, sampled', 'tracer-sampled'],
  ['metrics', 'metrics'],
  ['all three, not sampled', 'all'],
  ['all three, sampled', 'all-sampled'],
] as const

const fasterThanPowertools = ({ invocations }: ObservabilityResults): Target[] =>
  compared.flatMap(([what, cell]): Target[] => {
    const own = cpuOf(invocations, cell, 'fnware')
    const ratios = (
      [
        ['by hand', 'powertools'],
        ['Middy', 'powertools-middy'],
      ] as const
    ).flatMap(([title, peer]): { title: string; ratio: Ratio }[] => {
      const values = cpuOf(invocations, cell, peer)
      return own && values ? [{ title, ratio: ratioOf(values, own) }] : []
    })
    if (ratios.length === 0) return []
    return [
      {
        what: `${what}: Powertools by hand, and through Middy, to fnware`,
        target: 'fnware is faster',
        measured: ratios.map(({ title, ratio }) => `${title} ${measured(ratio)}`).join(', '),
        verdict: all(ratios.map(({ ratio }) => reached(1, ratio))),
      },
    ]
  })

const rest = 100
const freeAtRest = ({ invocations }: ObservabilityResults): Target[] =>
  (
    [
      ['fnware', 'idle', 'a tracer'],
      ['fnware', 'tracer', 'a tracer, two spans and an annotation'],
      ['fnware', 'tracer-after', 'the same after an invocation that was sampled'],
      ['fnware-http', 'tracer', 'the same with `http()`'],
    ] as const
  ).flatMap(([peer, cell, what]): Target[] => {
    const [values, plain] = [cpuOf(invocations, cell, peer), cpuOf(invocations, 'plain', peer)]
    if (!values || !plain) return []
    const { median, low, high } = medianOf(beyond(values, plain))
    return [
      {
        what: `not sampled: ${what}, beyond the same chain without them`,
        target: `< ${rest} ns`,
        measured: `${median.toFixed(0)} ns (${low.toFixed(0)}–${high.toFixed(0)})`,
        verdict: verdictOf(low, high),
      },
    ]
  })
const verdictOf = (low: number, high: number): Verdict =>
  high < rest ? 'held' : low >= rest ? 'missed' : 'not settled'

/** What ten `await`s take, in ns, round by round: what many take beyond few, so that what stands round them is left out. */
export const tenAwaits = (invocations: Invocations, kind: string, peer: string): readonly number[] | undefined => {
  const fewer = cpuOf(invocations, `${kind}-${few}`, peer)
  const more = cpuOf(invocations, `${kind}-${many}`, peer)
  return fewer && more && beyond(more, fewer).map((ns) => (ns / (many - few)) * 10)
}

const awaitTargets = ({ invocations }: ObservabilityResults): Target[] => {
  const off = tenAwaits(invocations, 'awaits', 'fnware')
  const on = tenAwaits(invocations, 'sampled-awaits', 'fnware')
  return off && on
    ? [atMost('ten `await`s in a sampled invocation, to the same without a tracer', 1.5, ratioOf(on, off))]
    : []
}

export const netStarts = (cold: Table<readonly { wall: number; cpu: number }[]>, situation: string, peer: string) => {
  const [starts, empty] = [cold[situation]?.[peer], cold[situation]?.[emptyModule.name]]
  const net = (of: 'wall' | 'cpu') =>
    beyond(
      starts!.map((start) => start[of]),
      empty!.map((start) => start[of]),
    )
  return starts && empty && { wall: net('wall'), cpu: net('cpu') }
}

const coldTargets = ({ cold }: ObservabilityResults): Target[] =>
  situations.flatMap(({ name, title, limit }) => {
    const own = netStarts(cold, name, 'fnware')
    return ['powertools-middy', 'powertools-zod'].flatMap((peer) => {
      const other = netStarts(cold, name, peer)
      if (!own || !other) return []
      const what = `cold start of the observed stack, ${title}, ${peer} to fnware`
      return [
        atLeast(what, limit, ratioOf(other.wall, own.wall)),
        atLeast(`${what}, in processor time`, limit, ratioOf(other.cpu, own.cpu)),
      ]
    })
  })
