import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Milliseconds that an editor may take for one save: it may empty, write and rename. */
const settle = 15

/** Tells, once for each save, that one of some files has changed. Folders are watched, so that a file may be replaced. */
export class Watcher {
  readonly #watched = new Map<string, FSWatcher>()
  readonly #changed: (at: number) => void
  #files = new Set<string>()
  #any = false
  #timer: NodeJS.Timeout | undefined

  /** @param changed is given the time of the change by `performance.now()` */
  constructor(changed: (at: number) => void) {
    this.#changed = changed
  }

  /** @param any whether any file of their folders matters: what is missing may turn up there */
  watch(files: readonly string[], any: boolean): void {
    this.#files = new Set(files)
    this.#any = any
    const folders = new Set(files.map((file) => dirname(file)))
    for (const [folder, watcher] of this.#watched)
      if (!folders.has(folder)) {
        watcher.close()
        this.#watched.delete(folder)
      }
    for (const folder of folders) if (!this.#watched.has(folder)) this.#add(folder)
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watched.values()) watcher.close()
    this.#watched.clear()
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && basename(name).startsWith('.fnware')) return
        if (this.#any || name === null || this.#files.has(`${folder}/${name}`)) this.#tell()
      })
      watcher.on('error', () => this.#drop(folder))
      this.#watched.set(folder, watcher)
    } catch {
      // The folder is gone: the build says so.
    }
  }

  #drop(folder: string): void {
    this.#watched.get(folder)?.close()
    this.#watched.delete(folder)
  }

  #tell(): void {
    const at = performance.now()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#changed(at), settle)
  }
}
