import { writeSync } from 'node:fs'
import { silence, timed, turnOfLoop } from '../../process/timing.ts'
import type { Told } from '../harness/cells.ts'
import { type Handler, type Invoked, invocation, invoke, wrong } from './invocations.ts'

/**
 * The process of one cell: how long one invocation takes once it is warm. Of what Lambda's runtime client does it does
 * one thing while it is timed, which is to put the trace header into the environment.
 */
const [bundle, told, budget] = process.argv.slice(2) as [string, Told, string]
const sampled = told === 'sampled'
const lines = silence()
const { handler } = (await import(bundle)) as { handler: Handler }

const trouble = wrong(await invoke(handler, invocation(told !== 'unsampled')))
if (trouble) throw new Error(trouble)
// What it sends may take a turn or two.
await new Promise((resolve) => setTimeout(resolve, 20))
const written = lines.count

const prepare = (size: number) => Array.from({ length: size }, () => invocation(sampled))
const inOneGo = async (batch: readonly Invoked[]) => {
  for (const one of batch) await invoke(handler, one)
}
const inTurns = async (batch: readonly Invoked[]) => {
  for (const one of batch) {
    await invoke(handler, one)
    await turnOfLoop()
  }
}

const { samples, invocations } = await timed({ prepare, run: sampled ? inTurns : inOneGo }, Number(budget))
writeSync(1, JSON.stringify({ samples, invocations, lines: (lines.count - written) / invocations }))
process.exit()
