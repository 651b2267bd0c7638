import { join } from 'node:path'
import { runData } from '../data/harness/run.ts'
import { runObservability } from '../observability/harness/run.ts'
import { bundle, cellEntry, type Entry } from './bundle.ts'
import type { Group } from './cells.ts'
import { run as child } from './child.ts'
import { type Start, start } from './cold.ts'
import type { Found } from './discover.ts'
import { type Figure, measure, places } from './invocations.ts'
import type { Options } from './options.ts'
import { emptyModule, parts } from './parts.ts'
import type { Peers } from './report.ts'
import { type Results, Rounds, rotated } from './results.ts'
import { entrySizes, type Size, sizeOf } from './size.ts'

type Say = (text: string) => void

/** Measures what is asked for. Within each section the peers take turns, so that what disturbs one round disturbs all. */
export const run = async (
  options: Options,
  { all: peers, data: dataPeers, observability: observers }: Peers,
  out: string,
  say: Say,
): Promise<Results> => {
  const drivers = ['measure', 'cold', 'memory'].map(
    (name): Entry => ({
      name,
      code: `import ${JSON.stringify(join(import.meta.dirname, `../process/${name}.ts`))}`,
    }),
  )
  await bundle(drivers, out)
  const stacks = peers.filter(({ module }) => module.http)
  const wants = (group: Group) => options.only.includes(group)
  const file = (name: string) => join(out, `${name}.mjs`)

  await bundle(
    [emptyModule, ...parts, ...stacks.map((peer) => ({ name: peer.name, code: cellEntry(peer.file, 'http') }))],
    out,
  )
  // First, since it needs servers, which may not be there.
  const data = wants('data') ? await runData(options, dataPeers, out, say) : undefined
  const observability = wants('observability') ? await runObservability(options, observers, out, say) : undefined
  const invocations = await invoked(options, peers, out, say)
  const starts = async (names: readonly string[], count: number, what: string) => {
    const rounds = new Rounds<Start>()
    for (let round = 0; round < count; round++) {
      say(`${what}: ${round + 1} of ${count}`)
      for (const name of rotated([emptyModule.name, ...names], round))
        rounds.add(name, await start(file('cold'), file(name)))
    }
    return rounds.lists
  }
  const names = stacks.map(({ name }) => name)
  const cold = wants('cold') ? await starts(names, options.starts, 'cold starts') : {}
  const ofParts = wants('cold')
    ? await starts(
        parts.map(({ name }) => name),
        options.partStarts,
        'cold starts of the parts',
      )
    : {}

  const sizes: Record<string, Size> = wants('size') ? { ...(await entrySizes(out)) } : {}
  if (wants('size')) for (const name of names) sizes[name] = await sizeOf(file(name))

  const memory = new Rounds<number>()
  for (let round = 0; wants('memory') && round < options.memoryRounds; round++) {
    say(`memory: ${round + 1} of ${options.memoryRounds}`)
    for (const name of rotated(names, round))
      memory.add(name, Number(await child({ args: [file('memory'), file(name), '10000'] })))
  }
  return { invocations, cold, parts: ofParts, sizes, memory: memory.lists, data, observability }
}

const invoked = async (options: Options, peers: readonly Found[], out: string, say: Say) => {
  const all = await places(peers, (cell) => options.only.includes(cell.group), out)
  const byCell = Map.groupBy(all, ({ cell }) => cell)
  const table: Record<string, Record<string, Figure[]>> = {}
  for (let round = 0; round < options.rounds; round++) {
    const order = [...byCell.values()].flatMap((places) => rotated(places, round))
    for (const [i, place] of order.entries()) {
      say(`round ${round + 1} of ${options.rounds}: ${i + 1} of ${all.length}, ${place.cell.id} ${place.peer.name}`)
      const row = (table[place.cell.id] ??= {})
      const figures = (row[place.peer.name] ??= [])
      figures.push(await measure(place, join(out, 'measure.mjs'), options.ms))
    }
  }
  return table
}
