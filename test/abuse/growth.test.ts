import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

interface Held {
  readonly heap: number
  readonly resources: number
  readonly listeners: number
}
/** What a process holds before and after 10,000 invocations. */
const grown = async (...args: string[]): Promise<{ before: Held; after: Held }> => {
  const script = join(import.meta.dirname, 'growth.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--conditions=@fnware/source', script, ...args],
    { env: { PATH: process.env.PATH } },
  )
  return JSON.parse(stdout) as { before: Held; after: Held }
}
/** 35 bytes an invocation: less than the smallest thing that could stay. */
const most = 350_000

describe('10,000 invocations leave nothing behind', () => {
  test.each(['plain', 'http', 'refused', 'broken', 'batch', 'functions'])('%s', async (name) => {
    const { before, after } = await grown(name)
    expect(after.heap - before.heap).toBeLessThan(most)
    expect(after.resources).toBeLessThanOrEqual(before.resources)
    expect(after.listeners).toBe(before.listeners)
  })

  test('and where something does stay, it is seen', async () => {
    const { before, after } = await grown('plain', 'leak')
    expect(after.heap - before.heap).toBeGreaterThan(most)
  })
})
