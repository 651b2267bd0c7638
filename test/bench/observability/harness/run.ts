import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Aws, startAws } from 'test-aws'
import { type Figure, measured } from '../../harness/invocations.ts'
import type { Options } from '../../harness/options.ts'
import { rotated } from '../../harness/results.ts'
import { type Size, sizeOf } from '../../harness/size.ts'
import { sealKey } from '../stack/placing.ts'
import { type Bundles, bundleObservability, type Place } from './bundles.ts'
import { fine, fineRounds } from './cells.ts'
import { coldStarts } from './cold.ts'
import { Daemon } from './daemon.ts'
import type { ObservabilityPeer } from './peer.ts'
import type { ObservabilityResults } from './results.ts'

/** What is measured with, and on what. */
interface Bench {
  readonly options: Options
  readonly bundles: Bundles
  readonly daemon: Daemon
  say(text: string): void
}

/**
 * Measures what observes an invocation. This process listens in the place of X-Ray's daemon.
 * @param out has the driver of a cold start, and the empty module
 */
export const runObservability = async (
  options: Options,
  peers: readonly ObservabilityPeer[],
  out: string,
  say: (text: string) => void,
): Promise<ObservabilityResults> => {
  say('observability: bundles')
  const [bundles, daemon] = await Promise.all([bundleObservability(peers, out), Daemon.start()])
  await using aws = await awsWithSeal()
  const bench = { options, bundles, daemon, say }
  const { otherNode: node } = options
  try {
    const invocations = await rounds(bench, bundles.places)
    const awaiting = bundles.places.filter(({ cell }) => cell.count !== undefined)
    const other = node && { node: await versionOf(node), invocations: await rounds(bench, awaiting, node) }
    const cold = await coldStarts(options, bundles, out, { ...aws.environment, ...daemon.environment }, say)
    return { invocations, other: other || undefined, cold, sizes: await sizesOf(bundles) }
  } finally {
    await daemon.close()
  }
}

/** AWS, with the secret in it that a note is sealed with. */
export const awsWithSeal = async (): Promise<Aws> => {
  const aws = await startAws()
  aws.secrets.create(sealKey, 'a key to seal with')
  return aws
}

const rounds = async ({ options, bundles, daemon, say }: Bench, places: readonly Place[], node?: string) => {
  const table: Record<string, Record<string, Figure[]>> = {}
  const isFine = ({ cell, peer }: Place) => fine.includes(cell.id) && peer.name.startsWith('fnware')
  for (let round = 0; round < options.rounds * fineRounds; round++) {
    const own = round < options.rounds ? places : places.filter(isFine)
    const byCell = [...Map.groupBy(own, ({ cell }) => cell).values()]
    for (const place of byCell.flatMap((peers) => rotated(peers, round))) {
      const { cell, peer } = place
      say(`observability: round ${round + 1}, ${cell.id} ${peer.name}${node ? `, ${node}` : ''}`)
      const row = (table[cell.id] ??= {})
      const figures = (row[peer.name] ??= [])
      figures.push(await measure(place, bundles.driver('measure'), daemon, options.ms, node))
    }
  }
  return table
}

/** One figure, of a process that has written as many lines as it must, and has sent what it must send, or nothing. */
const measure = async ({ cell, peer, file }: Place, driver: string, daemon: Daemon, ms: number, node?: string) => {
  daemon.received = 0
  const { figure, lines } = await measured(
    { driver, file, asked: cell.trace, environment: daemon.environment, node },
    ms,
  )
  if (Math.abs(lines - cell.lines) > 0.001)
    throw new Error(`${file}: ${lines} lines for each invocation, rather than ${cell.lines}`)
  const isTraced = cell.trace !== 'unsampled' && cell.make !== 'plain'
  if (daemon.received > 0 !== isTraced) throw new Error(`${peer.name} ${cell.id}: ${daemon.received} datagrams`)
  return figure
}

const sizesOf = async ({ stacks }: Bundles) => {
  const sizes: Record<string, Size> = {}
  for (const { peer, file } of stacks) sizes[peer.name] = await sizeOf(file)
  return sizes
}

const versionOf = async (node: string) =>
  (await promisify(execFile)(node, ['-p', 'process.versions.node'])).stdout.trim()
