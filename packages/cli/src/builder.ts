import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type BuildContext, type BuildFailure, context, formatMessages, type Message } from 'esbuild'
import { packageRoot, type Scratch } from './scratch.ts'

export interface Built {
  /** The folder with `index.mjs`, a task root. */
  readonly code: string
  /** Readable, when it did not build. */
  readonly error?: string
  /** Every file that went into it, or may mend it. */
  readonly inputs: readonly string[]
}

/** Code that came with the function runs beside code that is CommonJS inside: that one needs a `require`. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; globalThis.require ??= __createRequire(import.meta.url);"

/** Bundles one function, again and again, each time into a folder of its own: older code goes on serving meanwhile. */
export class Builder {
  readonly #entry: string
  readonly #root: string
  readonly #folder: string
  readonly #color: boolean
  #context: Promise<BuildContext> | undefined
  #builds = 0
  #serving: string | undefined
  readonly #kept = new Set<string>()
  #inputs: readonly string[]

  constructor(name: string, entry: string, project: string, scratch: Scratch, color: boolean) {
    this.#entry = entry
    this.#root = packageRoot(entry, project)
    this.#folder = join(scratch.folder(this.#root), name)
    this.#color = color
    this.#inputs = [entry]
  }

  async build(): Promise<Built> {
    this.#context ??= this.#open()
    const code = join(this.#folder, String(++this.#builds))
    try {
      const built = await (await this.#context).rebuild()
      this.#inputs = Object.keys(built.metafile!.inputs).map((input) => resolve(this.#root, input))
      await mkdir(code, { recursive: true })
      await Promise.all(built.outputFiles!.map((file) => writeFile(join(code, basename(file.path)), file.contents)))
      this.#kept.add(code)
      return { code, inputs: this.#inputs }
    } catch (failure) {
      const { errors } = failure as BuildFailure
      if (!errors) throw failure
      return {
        code,
        error: await this.#readable(errors),
        inputs: [...new Set([...this.#inputs, ...this.#where(errors)])],
      }
    }
  }

  /** This build serves: all but the one before, whose invocations may still be under way, are of no more use. */
  async serves(code: string): Promise<void> {
    const before = this.#serving
    this.#serving = code
    for (const folder of this.#kept) {
      if (folder === code || folder === before) continue
      this.#kept.delete(folder)
      await rm(folder, { recursive: true, force: true })
    }
  }

  async close(): Promise<void> {
    await (await this.#context)?.dispose()
  }

  #open(): Promise<BuildContext> {
    return context({
      entryPoints: { index: this.#entry },
      absWorkingDir: this.#root,
      // One level below the function's folder, as every build is: so the paths in the source map hold.
      outdir: join(this.#folder, 'out'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      packages: 'external',
      sourcemap: 'linked',
      sourcesContent: false,
      keepNames: true,
      banner: { js: banner },
      logLevel: 'silent',
    })
  }

  async #readable(errors: Message[]): Promise<string> {
    const texts = await formatMessages(errors, { kind: 'error', color: this.#color, terminalWidth: 100 })
    return texts.join('').trimEnd()
  }

  #where(errors: readonly Message[]): string[] {
    return errors.flatMap(({ location }) => (location?.file ? [resolve(this.#root, location.file)] : []))
  }
}

/** A task root whose INIT says what is wrong with the code that did not build. */
export async function writeBroken(code: string, name: string): Promise<void> {
  await mkdir(code, { recursive: true })
  const message = `${name} does not build: see the error above, mend it, save`
  const lines = [`const error = new Error(${JSON.stringify(message)})`, "error.name = 'BuildError'", 'error.stack = ""']
  await writeFile(join(code, 'index.mjs'), `${lines.join('\n')}\nthrow error\n`)
}
