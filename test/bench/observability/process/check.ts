import { writeSync } from 'node:fs'
import { type Handler, invocation, invoke, wrong } from './invocations.ts'

/**
 * The process of the equivalence test: invokes a bundled function a few times, and tells what is wrong with its answers
 * and what it wrote. What it sends goes to whoever listens.
 */
export interface Checked {
  readonly trouble?: string
  readonly lines: readonly string[]
  /** The header that the invocation came with. */
  readonly trace: string
}

let lines: string[] = []
process.stdout.write = ((chunk: unknown, ...rest: unknown[]) => {
  lines.push(...String(chunk).split('\n').filter(Boolean))
  const done = rest.at(-1)
  if (typeof done === 'function') queueMicrotask(() => done())
  return true
}) as typeof process.stdout.write

const [bundle, trace] = process.argv.slice(2) as [string, string]
const { handler } = (await import(bundle)) as { handler: Handler }
const told: Checked[] = []
for (let i = 0; i < 3; i++) {
  lines = []
  const one = invocation(trace === 'sampled')
  const trouble = wrong(await invoke(handler, one))
  // What is written and sent after the answer belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 20))
  told.push({ ...(trouble !== undefined && { trouble }), lines, trace: one.trace })
}
writeSync(1, JSON.stringify(told))
process.exit()
