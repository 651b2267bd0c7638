import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build } from 'esbuild'
import { onTestFinished } from 'vitest'

export interface Bundled {
  readonly text: string
  /** Runs it in a process of its own, where no package can be found. Gives what it prints. */
  run(env: Readonly<Record<string, string>>): Promise<string>
}

/** A function as a bundler makes it of its source, without a banner or anything else. */
export const bundled = async (code: string, format: 'esm' | 'cjs', options: BuildOptions = {}): Promise<Bundled> => {
  const folder = await mkdtemp(join(tmpdir(), 'bundled-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const outfile = join(folder, format === 'esm' ? 'index.mjs' : 'index.cjs')
  await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, '..'), sourcefile: 'function.ts', loader: 'ts' },
    bundle: true,
    format,
    platform: 'node',
    target: 'node22',
    conditions: ['@fnware/source'],
    logLevel: 'silent',
    outfile,
    ...options,
  })
  return {
    text: await readFile(outfile, 'utf8'),
    run: async (env) => {
      const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
        cwd: folder,
        env: { ...process.env, ...env },
      })
      return stdout.trim()
    },
  }
}
