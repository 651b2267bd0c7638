import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Manifest {
  readonly name: string
  readonly main?: string
  readonly exports: Readonly<Record<string, unknown>>
}
export interface Package {
  readonly folder: string
  readonly manifest: Manifest
  /** What is imported: `@fnware/core`, `@fnware/core/extend`. */
  readonly entries: readonly string[]
}

const folder = join(import.meta.dirname, '../../packages')
const folders = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())

/** Every package that is published. */
export const packages: readonly Package[] = await Promise.all(
  folders.map(async ({ name }) => {
    const manifest: Manifest = JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8'))
    const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))
    return { folder: join(folder, name), manifest, entries: paths.map((path) => join(manifest.name, path)) }
  }),
)
export const entries: readonly string[] = packages.flatMap(({ entries }) => entries)
