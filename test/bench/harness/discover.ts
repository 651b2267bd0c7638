import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell } from './cells.ts'
import type { Peer, PeerModule } from './peer.ts'

/** A peer as it was found: its name is its file's. */
export interface Found<Module extends { readonly peer: Peer } = PeerModule> {
  readonly name: string
  readonly file: string
  readonly module: Module
}

/** Every file of a folder that is asked for, in the order of the tables. */
export const discoverIn = async <Module extends { readonly peer: Peer }>(
  folder: string,
  only?: readonly string[],
): Promise<readonly Found<Module>[]> => {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3))
  const found = await Promise.all(
    names
      .filter((name) => !only || only.includes(name))
      .map(async (name): Promise<Found<Module>> => {
        const file = join(folder, `${name}.ts`)
        return { name, file, module: (await import(file)) as Module }
      }),
  )
  return found.toSorted((a, b) => a.module.peer.order - b.module.peer.order)
}

export const discover = (only?: readonly string[]): Promise<readonly Found[]> =>
  discoverIn(join(import.meta.dirname, '../peers'), only)

export const fills = ({ module }: Found, cell: Cell): boolean => module[cell.make] !== undefined
