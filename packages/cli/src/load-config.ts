import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BuildFailure, build, formatMessages, type Plugin } from 'esbuild'
import { checkConfig } from './check-config.ts'
import type { Config } from './config.ts'
import { Failure } from './failure.ts'
import type { Scratch } from './scratch.ts'

const names = ['fnware.config.ts', 'fnware.config.mts', 'fnware.config.js', 'fnware.config.mjs']

/** The module that a configuration imports as `fnware`: this very package, installed there or not. */
const self = ['index.ts', 'index.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url))).find(existsSync)!

const minimal = `import { defineConfig } from 'fnware'

export default defineConfig({
  functions: {
    hello: { entry: 'src/hello.ts' },
  },
})`

export interface LoadedConfig {
  readonly config: Config
  /** Every file that went into it. */
  readonly inputs: readonly string[]
}

/**
 * The path of the configuration file.
 * @throws {Failure} showing a minimal one when there is none
 */
export function findConfig(given: string | undefined, cwd: string): string {
  if (given !== undefined) {
    const file = resolve(cwd, given)
    if (existsSync(file)) return file
    throw new Failure(`There is no file ${file} (--config).`)
  }
  const file = names.map((name) => join(cwd, name)).find(existsSync)
  if (file) return file
  const indented = minimal.replace(/^(?=.)/gm, '  ')
  throw new Failure(`There is no fnware.config.ts in ${cwd}. A minimal one:\n\n${indented}\n`)
}

let loads = 0

/**
 * Reads the configuration anew, whatever Node has cached of it.
 * @throws {Failure | OptionsError} when it cannot be read, or is wrong
 */
export async function loadConfig(file: string, scratch: Scratch): Promise<LoadedConfig> {
  const folder = dirname(file)
  const bundled = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    packages: 'external',
    alias: { fnware: self },
    sourcemap: 'inline',
    logLevel: 'silent',
    define: {
      'import.meta.url': '__fnware_url',
      'import.meta.filename': '__fnware_filename',
      'import.meta.dirname': '__fnware_dirname',
    },
    plugins: [whereFilesAre],
  }).catch(async ({ errors, message }: BuildFailure) => {
    if (!errors) throw new Failure(message)
    const texts = await formatMessages(errors, { kind: 'error', color: false })
    throw new Failure(`${basename(file)} can't be read:\n\n${texts.join('')}`)
  })
  const output = join(scratch.folder(folder), `config-${++loads}.mjs`)
  await writeFile(output, bundled.outputFiles[0]!.contents)
  const module = (await import(pathToFileURL(output).href).catch((error: Error) => {
    throw new Failure(`${basename(file)} fails: ${error.stack ?? error.message}`)
  })) as { default?: unknown }
  checkConfig(module.default, file)
  return { config: module.default, inputs: Object.keys(bundled.metafile.inputs).map((input) => resolve(folder, input)) }
}

/** What is bundled is elsewhere: each file is told where it was. */
const whereFilesAre: Plugin = {
  name: 'where-files-are',
  setup: (build) => {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const places = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
      const told = Object.entries(places).map(([name, value]) => `const __fnware_${name} = ${JSON.stringify(value)};`)
      const loader = /ts$/.test(path) ? 'ts' : 'js'
      // On the first line, so that the lines of errors stay right.
      return { contents: `${told.join('')}${await readFile(path, 'utf8')}`, loader }
    })
  },
}
