import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where this process keeps what it builds: `.fnware/dev-<pid>` beside each package.json, gone when it ends. */
export class Scratch {
  readonly #folders = new Set<string>()

  /** @param root where packages must resolve from */
  folder(root: string): string {
    const shared = join(root, '.fnware')
    const own = join(shared, `dev-${process.pid}`)
    if (this.#folders.has(own)) return own
    mkdirSync(own, { recursive: true })
    writeFileSync(join(shared, '.gitignore'), '*\n')
    for (const left of readdirSync(shared))
      if (isLeft(left)) rmSync(join(shared, left), { recursive: true, force: true })
    this.#folders.add(own)
    return own
  }

  remove(): void {
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true })
    this.#folders.clear()
  }
}

/** What a process left behind that was killed. */
function isLeft(name: string): boolean {
  const [, pid] = name.match(/^dev-(\d+)$/) ?? []
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** The folder from which a file's packages resolve: of its nearest package.json, below the project or beside it. */
export function packageRoot(file: string, project: string): string {
  for (let folder = dirname(file); folder !== project; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return project
  }
  return project
}
