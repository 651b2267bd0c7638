import { chown, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Servers refuse to run as root: they run as Debian's `nobody` then, and otherwise as whoever runs the tests. */
export const account: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** A server's own folder: nobody else reads it. */
export interface Folder {
  path: string
  /** Writes a file there that only the server may read, and gives its path. */
  write(name: string, text: string): Promise<string>
}

/** @param name of the server, for who finds the folder */
export async function makeFolder(name: string): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), `fnware-${name}-`))
  await hand(path)
  return {
    path,
    async write(file, text) {
      const target = join(path, file)
      await writeFile(target, text, { mode: 0o600 })
      await hand(target)
      return target
    },
  }
}

async function hand(path: string): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid)
}
