import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach } from 'vitest'
import type { Instrumented } from './process.ts'

// Processes that tests start run mutants too: each is told which is active, and says afterwards which it came past.

const ns = ((globalThis as { __stryker__?: Instrumented }).__stryker__ ??= {})
const folder = mkdtempSync(join(tmpdir(), 'mutation-'))

beforeEach(() => {
  process.env.NODE_OPTIONS = `--import ${join(import.meta.dirname, 'process.ts')}`
  process.env.MUTANTS_SEEN = folder
  if (ns.activeMutant !== undefined) process.env.__STRYKER_ACTIVE_MUTANT__ = ns.activeMutant
})
afterEach(() => {
  for (const file of readdirSync(folder)) {
    const seen = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, number>
    rmSync(join(folder, file))
    if (ns.currentTestId === undefined) continue
    const { perTest } = (ns.mutantCoverage ??= { static: {}, perTest: {} })
    const counts = (perTest[ns.currentTestId] ??= {})
    for (const [mutant, count] of Object.entries(seen)) counts[mutant] = (counts[mutant] ?? 0) + count
  }
})
afterAll(() => rmSync(folder, { recursive: true }))
