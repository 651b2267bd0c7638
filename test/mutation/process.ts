import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What instrumented code keeps on the global object. */
export interface Instrumented {
  activeMutant?: string
  currentTestId?: string
  hitCount?: number
  hitLimit?: number
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}

const folder = process.env.MUTANTS_SEEN
if (folder) {
  // A loop without an end is left, and a process that hangs ends.
  const ns: Instrumented = { hitCount: 0, hitLimit: 10_000 }
  Object.assign(globalThis, { __stryker__: ns })
  setTimeout(() => process.exit(1), 8000).unref()
  process.on('exit', () =>
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(ns.mutantCoverage?.static ?? {})),
  )
}
