import { readFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Found } from './discover.ts'

/** What a report is worth nothing without. */
export const machine = (): string =>
  `Node ${process.version.slice(1)} on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${process.platform} ${process.arch}`

/** What else the machine had to do, in processes that wanted a processor over the last minute. */
export const load = (): number => loadavg()[0]!

/** Read where pnpm links the dependency: not every package lets its package.json be imported. */
const versionOf = async (name: string): Promise<string> => {
  const text = await readFile(join(import.meta.dirname, '../node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** The versions of all that the peers are made of. fnware is measured from its sources. */
export const versions = async (peers: readonly Found[]): Promise<string> => {
  const names = new Set(['zod', 'esbuild', ...peers.flatMap(({ module }) => module.peer.packages)])
  const others = [...names].filter((name) => !name.startsWith('@fnware/')).toSorted()
  return (await Promise.all(others.map(async (name) => `${name} ${await versionOf(name)}`))).join(', ')
}
