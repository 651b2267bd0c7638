import { join } from 'node:path'
import { discoverIn } from '../../harness/discover.ts'
import type { DataCell, DataModule, DataPeer } from './peer.ts'

/** Every file in `data/peers/` that is asked for, in the order of the tables. */
export const discoverData = (only?: readonly string[]): Promise<readonly DataPeer[]> =>
  discoverIn<DataModule>(join(import.meta.dirname, '../peers'), only)

export const dataCells: readonly DataCell[] = ['configuration', 'queries', 'start', 'empty', 'held', 'read']

export const filling = (peers: readonly DataPeer[], cell: DataCell): readonly DataPeer[] =>
  peers.filter(({ module }) => module[cell] !== undefined)
