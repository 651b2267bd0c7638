import { join } from 'node:path'
import { namesIn } from '../../harness/discover.ts'
import type { DataCell, DataModule, DataPeer } from './peer.ts'

const folder = join(import.meta.dirname, '../peers')

/** Every file in `data/peers/` that is asked for, in the order of the tables. */
export const discoverData = async (only?: readonly string[]): Promise<readonly DataPeer[]> => {
  const names = await namesIn(folder)
  const found = await Promise.all(
    names
      .filter((name) => !only || only.includes(name))
      .map(async (name): Promise<DataPeer> => {
        const file = join(folder, `${name}.ts`)
        return { name, file, module: (await import(file)) as DataModule }
      }),
  )
  return found.toSorted((a, b) => a.module.peer.order - b.module.peer.order)
}

export const dataCells: readonly DataCell[] = ['configuration', 'queries', 'start', 'empty', 'held', 'read']

export const filling = (peers: readonly DataPeer[], cell: DataCell): readonly DataPeer[] =>
  peers.filter(({ module }) => module[cell] !== undefined)
