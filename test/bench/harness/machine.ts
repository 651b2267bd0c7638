import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Peer } from './peer.ts'

/** What a report is worth nothing without. */
export const machine = (): string =>
  `Node ${process.version.slice(1)} on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${process.platform} ${process.arch}`

/** What else the machine had to do, in processes that wanted a processor over the last minute. */
export const load = (): number => loadavg()[0]!

/** Whether others want so much of the machine that a figure is not to be quoted. */
export const isBusy = (load: number): boolean => load > 0.5 * cpus().length

/** Which fnware was measured: the commit, and whether the sources are other than it has them. */
export const commit = async (): Promise<string> => {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { cwd: join(import.meta.dirname, '../../..') })).stdout.trim()
  const hash = await git('rev-parse', '--short=12', 'HEAD')
  return (await git('status', '--porcelain', '--', 'packages', 'test/bench')) ? `${hash}, changed since` : hash
}

/** Read where pnpm links the dependency: not every package lets its package.json be imported. */
const versionOf = async (name: string): Promise<string> => {
  const text = await readFile(join(import.meta.dirname, '../node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** The versions of all that the peers are made of. fnware is measured from its sources. */
export const versions = async (peers: readonly { readonly module: { readonly peer: Peer } }[]): Promise<string> => {
  const names = new Set(['zod', 'esbuild', ...peers.flatMap(({ module }) => module.peer.packages)])
  const others = [...names].filter((name) => !name.startsWith('@fnware/')).toSorted()
  return (await Promise.all(others.map(async (name) => `${name} ${await versionOf(name)}`))).join(', ')
}
