import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell } from './cells.ts'
import type { PeerModule } from './peer.ts'

const folder = join(import.meta.dirname, '../peers')

export const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3))

/** A peer as it was found: its name is its file's. */
export interface Found {
  readonly name: string
  readonly file: string
  readonly module: PeerModule
}

/** Every file in `peers/`, in the order of the tables. */
export const discover = async (only?: readonly string[]): Promise<readonly Found[]> => {
  const names = await namesIn(folder)
  const found = await Promise.all(
    names
      .filter((name) => !only || only.includes(name))
      .map(async (name): Promise<Found> => {
        const file = join(folder, `${name}.ts`)
        return { name, file, module: (await import(file)) as PeerModule }
      }),
  )
  return found.toSorted((a, b) => a.module.peer.order - b.module.peer.order)
}

export const fills = ({ module }: Found, cell: Cell): boolean => module[cell.make] !== undefined
