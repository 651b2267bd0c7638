import { run } from '../../harness/child.ts'
import type { Span } from '../stack/span.ts'
import { kinds } from './kinds.ts'
import type { Timeline } from './results.ts'
import type { StandIns } from './stand-ins.ts'

interface Told {
  readonly began: number
  readonly loaded: number
  readonly ended: number
  readonly spans: readonly Span[]
  readonly answer: { readonly ok?: boolean; readonly connections?: number }
}

/** One INIT and first answer, and when each of what it is made of began and ended. */
export const timeline = async (driver: string, file: string, standIns: StandIns): Promise<Timeline> => {
  standIns.gate.passed = []
  const told = JSON.parse(await run({ args: [driver, file], environment: standIns.environment })) as Told
  const { began, answer } = told
  const connects = standIns.gate.passed.map(({ opened, answered }) => ({
    what: 'connect',
    began: opened,
    ended: answered,
  }))
  if (answer.ok !== true || answer.connections !== 1 || connects.length !== 1)
    throw new Error(`${file} answered ${JSON.stringify(answer)}, with ${connects.length} connections`)
  const all = [...told.spans, ...connects]
  const spans = kinds.map((what): Span => {
    const own = all.filter((span) => span.what === what)
    if (own.length === 0) throw new Error(`${file}: no ${what}`)
    return {
      what,
      began: Math.min(...own.map((span) => span.began)) - began,
      ended: Math.max(...own.map((span) => span.ended)) - began,
    }
  })
  return { loaded: told.loaded - began, ready: told.ended - began, spans }
}
