import { join } from 'node:path'
import { bundle, cellEntry, type Entry } from '../../harness/bundle.ts'
import type { ObservabilityCell } from './cells.ts'
import { observabilityCells } from './cells.ts'
import type { ObservabilityPeer } from './peer.ts'

/** What is measured in a process: one cell of one peer. */
export interface Place {
  readonly cell: ObservabilityCell
  readonly peer: ObservabilityPeer
  readonly file: string
}

/** Where the bundles of this group are. */
export interface Bundles {
  readonly places: readonly Place[]
  readonly stacks: readonly { readonly peer: ObservabilityPeer; readonly file: string }[]
  driver(name: Driver): string
}
export type Driver = (typeof drivers)[number]
const drivers = ['measure', 'cold', 'check'] as const

/** Bundles all that is measured here, with the SDK in it, once for the cells that share their code. */
export const bundleObservability = async (peers: readonly ObservabilityPeer[], out: string): Promise<Bundles> => {
  const file = (name: string) => join(out, `${name}.mjs`)
  const name = (peer: ObservabilityPeer, make: string, count?: number) =>
    `observability-${peer.name}-${make}${count ?? ''}`
  const entries = new Map<string, string>()
  const places = observabilityCells.flatMap((cell) =>
    peers
      .filter(({ module }) => module[cell.make])
      .map((peer): Place => {
        const bundled = name(peer, cell.make, cell.count)
        entries.set(bundled, cellEntry(peer.file, cell.make, cell.count))
        return { cell, peer, file: file(bundled) }
      }),
  )
  const stacks = peers
    .filter(({ module }) => module.stack)
    .map((peer) => {
      entries.set(name(peer, 'stack'), cellEntry(peer.file, 'stack'))
      return { peer, file: file(name(peer, 'stack')) }
    })
  const processes = drivers.map(
    (driver): Entry => ({
      name: `observability-${driver}`,
      code: `import ${JSON.stringify(join(import.meta.dirname, `../process/${driver}.ts`))}`,
    }),
  )
  await bundle([...processes, ...[...entries].map(([name, code]) => ({ name, code }))], out, { external: [] })
  return { places, stacks, driver: (driver) => file(`observability-${driver}`) }
}
