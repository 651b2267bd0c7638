import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packages } from './manifests.ts'

const run = promisify(execFile)
const here = import.meta.dirname
const root = join(here, '../..')

let tarballs: string
beforeAll(async () => {
  tarballs = await mkdtemp(join(tmpdir(), 'fnware-packages-'))
})
afterAll(() => rm(tarballs, { recursive: true, force: true }))

/** The names that a built entry point exports, in a process that has seen nothing of the sources. */
const names = async (code: string) => {
  const { stdout } = await run(join(root, 'node_modules/.bin/node'), ['--input-type=module', '-e', code], { cwd: here })
  return JSON.parse(stdout) as string[]
}

describe.concurrent.each(packages)('$manifest.name', ({ folder, manifest, entries }) => {
  test.each(entries)('%s loads, and has the same in ESM and CJS', async (entry) => {
    const esm = await names(`console.log(JSON.stringify(Object.keys(await import('${entry}')).sort()))`)
    expect(esm.length).toBeGreaterThan(0)
    if (!manifest.main) return
    const cjs = await names(
      `import { createRequire } from 'node:module'
         console.log(JSON.stringify(Object.keys(createRequire('${here}/x.cjs')('${entry}')).sort()))`,
    )
    expect(cjs).toEqual(esm)
  })

  test('is published as its manifest says, with types that resolve', async () => {
    const { stdout } = await run('npx', ['-y', 'pnpm@12', 'pack', '--json', '--pack-destination', tarballs], {
      cwd: folder,
    })
    const { filename } = JSON.parse(stdout) as { filename: string }
    const bin = (name: string) => join(here, 'node_modules/.bin', name)
    await run(bin('publint'), ['run', filename, '--strict'])
    const profile = manifest.main ? 'node16' : 'esm-only'
    const { stdout: checked } = await run(bin('attw'), [filename, '--profile', profile])
    for (const entry of entries) expect(checked).toContain(`"${entry}"`)
  })
})
