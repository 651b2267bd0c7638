import { join } from 'node:path'
import { bundle, cellEntry } from '../../harness/bundle.ts'
import type { DataCell, DataPeer } from './peer.ts'
import { dataCells, filling } from './peers.ts'
import { transports } from './transports.ts'

/** Where the bundles of this group are. */
export interface Bundles {
  driver(name: 'invoke' | 'start'): string
  cell(peer: DataPeer, cell: DataCell): string
  transport(name: string): string
}

/**
 * Bundles all that is measured here, with the SDK in it: that loads faster than the runtime's, and is what AWS advises.
 * pg asks for these two only where they are wanted.
 */
export const bundleData = async (peers: readonly DataPeer[], out: string): Promise<Bundles> => {
  const processes = (['invoke', 'start'] as const).map((name) => ({
    name: `data-${name}`,
    code: `import ${JSON.stringify(join(import.meta.dirname, `../process/${name}.ts`))}`,
  }))
  const cells = dataCells.flatMap((cell) =>
    filling(peers, cell).map(({ name, file }) => ({ name: `data-${name}-${cell}`, code: cellEntry(file, cell) })),
  )
  const parts = transports.map(({ name, code }) => ({ name: `transport-${name}`, code }))
  await bundle([...processes, ...cells, ...parts], out, { external: ['pg-native', 'pg-cloudflare'] })
  return {
    driver: (name) => join(out, `data-${name}.mjs`),
    cell: ({ name }, cell) => join(out, `data-${name}-${cell}.mjs`),
    transport: (name) => join(out, `transport-${name}.mjs`),
  }
}
