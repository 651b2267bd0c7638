import { beyond, medianOf } from '../../harness/compare.ts'
import type { Target, Verdict } from '../../harness/verdict.ts'
import { kinds, together } from './kinds.ts'
import type { DataResults, Timeline } from './results.ts'

/** What fnware sets out to hold of configuration and data, and what was measured. */
export const dataTargets = (results: DataResults): readonly Target[] => [
  ...callTargets(results),
  ...rotationTargets(results),
  ...connectionTargets(results),
  ...warmTargets(results),
  ...overlapTargets(results),
  ...undiciTargets(results),
]

const verdict = (isHeld: boolean): Verdict => (isHeld ? 'held' : 'missed')

const callTargets = ({ calls: { fnware } }: DataResults): Target[] =>
  fnware
    ? [
        {
          what: `calls to AWS in ${fnware.invocations} warm invocations within the TTL, with 5 secrets and 5 parameters`,
          target: '0',
          measured: String(fnware.warm),
          verdict: verdict(fnware.warm === 0),
        },
      ]
    : []

const rotationTargets = ({ rotations: { fnware } }: DataResults): Target[] => {
  const [first] = fnware ?? []
  if (!fnware || !first) return []
  const { ttl, patience } = first
  return (['secret', 'parameter'] as const).map((kind): Target => {
    // What was not seen took longer than it was waited for.
    const shares = fnware.flatMap((own) => own[kind]).map((ms) => (ms ?? patience) / ttl)
    const [least, most] = [Math.min(...shares), Math.max(...shares)]
    return {
      what: `a ${kind} that is rotated just after it was fetched is seen, in the TTL's time (the slowest of ${shares.length})`,
      target: '≤ 1.10 TTL',
      measured: `${most.toFixed(2)} TTL (${least.toFixed(2)}–${most.toFixed(2)})`,
      verdict: verdict(most <= 1.1),
    }
  })
}

const connectionTargets = ({ connections: { fnware } }: DataResults): Target[] =>
  fnware
    ? [
        {
          what: `connections opened in ${fnware.invocations} invocations of an environment, in turn · ${together} at once`,
          target: '1',
          measured: `${fnware.inTurn} · ${fnware.atOnce}`,
          verdict: verdict(fnware.inTurn === 1 && fnware.atOnce === 1),
        },
      ]
    : []

const limit = 200
const warmTargets = ({ warm: { fnware, hand } }: DataResults): Target[] => {
  const held = fnware?.held
  if (!held) return []
  const cpu = (figures: typeof held) => figures.map(({ cpu }) => cpu)
  return [
    ['fnware without them', fnware.empty] as const,
    ['a function with nothing round it', hand?.empty] as const,
  ].flatMap(([base, empty]): Target[] => {
    if (!empty) return []
    const { median, low, high } = medianOf(beyond(cpu(held), cpu(empty)))
    return [
      {
        what: `5 secrets and a pool in an invocation's context, beyond ${base}`,
        target: `≤ ${limit} ns`,
        measured: `${median.toFixed(0)} ns (${low.toFixed(0)}–${high.toFixed(0)})`,
        verdict: high <= limit ? 'held' : low > limit ? 'missed' : 'not settled',
      },
    ]
  })
}

/** Whether secrets, parameters and connect were all under way at one time, and the token was there before the first ended. */
export const overlaps = ({ spans }: Timeline): boolean => {
  const of = (what: string) => spans.find((span) => span.what === what)!
  const [secrets, parameters, token, connect] = kinds.map(of)
  const lastBegan = Math.max(secrets!.began, parameters!.began, connect!.began)
  const firstEnded = Math.min(secrets!.ended, parameters!.ended, connect!.ended)
  return lastBegan < firstEnded && token!.ended < firstEnded
}

const overlapTargets = ({ timelines: { fnware } }: DataResults): Target[] => {
  if (!fnware) return []
  const overlapping = fnware.filter(overlaps).length
  return [
    {
      what: 'INIT: secrets, parameters, token and connect overlap',
      target: 'in all starts',
      measured: `in ${overlapping} of ${fnware.length}`,
      verdict: verdict(overlapping === fnware.length),
    },
  ]
}

const undiciTargets = ({ transports: { https } }: DataResults): Target[] => {
  if (!https) return []
  const loaded = https.starts.filter(({ undici }) => undici).length
  return [
    {
      what: 'undici is loaded by a function whose secrets come by `https()`',
      target: 'in no start',
      measured: `in ${loaded} of ${https.starts.length}`,
      verdict: verdict(loaded === 0),
    },
  ]
}
