import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Debian puts servers that are not on everybody's PATH. */
function folders(): string[] {
  const postgres = '/usr/lib/postgresql'
  let versions: string[] = []
  try {
    versions = readdirSync(postgres).sort((a, b) => Number(b) - Number(a))
  } catch {
    // Not installed, or installed elsewhere.
  }
  return [
    ...versions.map((version) => join(postgres, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ]
}

/** The path of a program that a test needs; without it the test fails, and says what to install. */
export function program(name: string, debianPackage: string): string {
  for (const folder of folders()) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Look further.
    }
  }
  throw new Error(`${name} is missing, which this test runs: apt-get install --no-install-recommends ${debianPackage}`)
}
