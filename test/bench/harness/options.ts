import { parseArgs } from 'node:util'
import { type Group, groups } from './cells.ts'

export interface Options {
  readonly only: readonly Group[]
  readonly peers: readonly string[] | undefined
  /** Processes of each cell. */
  readonly rounds: number
  /** Cold starts of each stack, and of each part. */
  readonly starts: number
  readonly partStarts: number
  readonly memoryRounds: number
  /** Invocations of an environment whose calls and connections are counted. */
  readonly invocations: number
  /** Rotations of a secret and a parameter. */
  readonly rotations: number
  /** The path of another Node, on which `await`s are measured as well. */
  readonly otherNode: string | undefined
  /** Ms of processor time for which each process of a cell measures. */
  readonly ms: number
  /** Whether docs/benchmarks.md is written: a whole run does so by itself. */
  readonly write: boolean
  readonly help: boolean
}

export const help = `pnpm bench                    everything; writes docs/benchmarks.md
  --only empty,adding,…       ${groups.join(', ')}
  --peers fnware,bare,…       files of test/bench/peers
  --rounds N                  processes of each cell (5)
  --starts N                  cold starts of each stack (40)
  --other-node PATH           measures \`await\`s under a tracer on that Node too
  --quick                     a first look, in a tenth of the time: not to be quoted
  --write                     write docs/benchmarks.md even so`

const list = (text: string | undefined) => text?.split(',').map((name) => name.trim())
const number = (text: string | undefined, otherwise: number) => {
  if (text === undefined) return otherwise
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--rounds and --starts take a number from 1, not ${text}`)
  return Number(text)
}

/** @throws Error on an option, a group or a number that is none */
export const optionsOf = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      peers: { type: 'string' },
      rounds: { type: 'string' },
      starts: { type: 'string' },
      'other-node': { type: 'string' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick, write, help } = values
  const only = list(values.only)
  const unknown = only?.find((name) => !groups.includes(name as Group))
  if (unknown) throw new Error(`--only knows no ${unknown}: there are ${groups.join(', ')}`)
  const starts = number(values.starts, quick ? 6 : 40)
  return {
    only: (only as Group[] | undefined) ?? groups,
    peers: list(values.peers),
    rounds: number(values.rounds, quick ? 2 : 5),
    starts,
    partStarts: Math.ceil(starts / 2),
    memoryRounds: quick ? 1 : 5,
    invocations: quick ? 1000 : 10_000,
    rotations: quick ? 1 : 5,
    otherNode: values['other-node'],
    ms: quick ? 60 : 200,
    write:
      write ||
      Object.values({ ...values, write: undefined, help: undefined, 'other-node': undefined }).every((value) => !value),
    help,
  }
}
