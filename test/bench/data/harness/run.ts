import { join } from 'node:path'
import { type Start, start } from '../../harness/cold.ts'
import { type Figure, measured } from '../../harness/invocations.ts'
import type { Options } from '../../harness/options.ts'
import { emptyModule } from '../../harness/parts.ts'
import { Rounds, rotated } from '../../harness/results.ts'
import { sizeOf } from '../../harness/size.ts'
import { type Bundles, bundleData } from './bundles.ts'
import { countCalls, countConnections } from './calls.ts'
import { latency } from './kinds.ts'
import type { DataPeer } from './peer.ts'
import { filling } from './peers.ts'
import type { Calls, Connections, DataResults, Timeline } from './results.ts'
import { rotate } from './rotation.ts'
import { awsWithValues, StandIns } from './stand-ins.ts'
import { timeline } from './timeline.ts'
import { transports } from './transports.ts'

/** What is measured with, and on what. */
interface Bench {
  readonly options: Options
  readonly peers: readonly DataPeer[]
  readonly bundles: Bundles
  readonly standIns: StandIns
  readonly out: string
  say(text: string): void
}

/** ms for which values are good while they are rotated. */
const ttl = 2000

/**
 * Measures configuration and data, against stand-ins that this process starts.
 * @param out has the drivers of the other groups, and the empty module
 */
export const runData = async (
  options: Options,
  peers: readonly DataPeer[],
  out: string,
  say: (text: string) => void,
): Promise<DataResults> => {
  say('configuration and data: bundles and servers')
  const [bundles, standIns] = await Promise.all([bundleData(peers, out), StandIns.start(out)])
  const bench = { options, peers, bundles, standIns, out, say }
  try {
    return {
      ...(await counted(bench)),
      rotations: await rotations(bench),
      warm: await warm(bench),
      timelines: await timelines(bench),
      transports: await loaded(bench),
    }
  } finally {
    await standIns.close()
  }
}

const counted = async ({ options, peers, bundles, standIns, say }: Bench) => {
  const calls: Record<string, Calls> = {}
  const connections: Record<string, Connections> = {}
  say('calls to AWS')
  const counting = filling(peers, 'configuration').map(async (peer) => {
    const file = bundles.cell(peer, 'configuration')
    calls[peer.name] = await countCalls(bundles.driver('invoke'), file, options.invocations)
  })
  await Promise.all(counting)
  for (const peer of filling(peers, 'queries')) {
    say(`connections: ${peer.name}`)
    const file = bundles.cell(peer, 'queries')
    connections[peer.name] = await countConnections(bundles.driver('invoke'), file, standIns, options.invocations)
  }
  return { calls, connections }
}

/** All at once: they wait for time to pass. */
const rotations = async ({ options, peers, bundles, say }: Bench) => {
  const environments = Math.min(3, options.rotations)
  say(`rotations: ${options.rotations} in ${environments} environments of each`)
  const all = filling(peers, 'configuration').map(async (peer) => {
    const one = () => rotate(bundles.driver('invoke'), bundles.cell(peer, 'configuration'), ttl, options.rotations)
    return [peer.name, await Promise.all(Array.from({ length: environments }, one))] as const
  })
  return Object.fromEntries(await Promise.all(all))
}

const warm = async ({ options, peers, bundles, standIns, out, say }: Bench) => {
  const places = (['empty', 'held', 'read'] as const).flatMap((cell) =>
    filling(peers, cell).map((peer) => ({ peer, cell })),
  )
  const table: Record<string, Record<string, Figure[]>> = {}
  for (let round = 0; round < options.rounds; round++)
    for (const { peer, cell } of rotated(places, round)) {
      say(`warm: round ${round + 1} of ${options.rounds}, ${peer.name} ${cell}`)
      const cells = (table[peer.name] ??= {})
      const figures = (cells[cell] ??= [])
      const { environment } = standIns
      const file = bundles.cell(peer, cell)
      const driver = join(out, 'measure.mjs')
      figures.push((await measured({ driver, file, asked: 'plain', environment }, options.ms)).figure)
    }
  return table
}

const timelines = async ({ options, peers, bundles, standIns, say }: Bench) => {
  const rounds = new Rounds<Timeline>()
  standIns.latency = latency
  for (let round = 0; round < options.partStarts; round++) {
    say(`timelines: ${round + 1} of ${options.partStarts}`)
    for (const peer of rotated(filling(peers, 'start'), round))
      rounds.add(peer.name, await timeline(bundles.driver('start'), bundles.cell(peer, 'start'), standIns))
  }
  standIns.latency = 0
  return rounds.lists
}

const loaded = async ({ options, bundles, out, say }: Bench) => {
  await using aws = await awsWithValues()
  const files = [
    [emptyModule.name, join(out, `${emptyModule.name}.mjs`)] as const,
    ...transports.map(({ name }) => [name, bundles.transport(name)] as const),
  ]
  const rounds = new Rounds<Start>()
  for (let round = 0; round < options.partStarts; round++) {
    say(`transports: ${round + 1} of ${options.partStarts}`)
    for (const [name, file] of rotated(files, round))
      rounds.add(name, await start(join(out, 'cold.mjs'), file, aws.environment))
  }
  const sized = files.map(
    async ([name, file]) => [name, { starts: rounds.lists[name]!, size: await sizeOf(file) }] as const,
  )
  return Object.fromEntries(await Promise.all(sized))
}
