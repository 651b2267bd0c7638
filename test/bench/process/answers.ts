import { writeSync } from 'node:fs'
import { context } from './context.ts'
import { orderQuestions } from './questions.ts'

/** The process of the equivalence test: asks a bundled stack everything, and tells what it answered and logged. */
const names = process.argv.slice(3)
let lines: string[] = []
process.stdout.write = capture as typeof process.stdout.write
process.stderr.write = capture as typeof process.stderr.write

const { handler } = (await import(process.argv[2]!)) as {
  handler: (event: unknown, context: unknown) => Promise<unknown>
}
const told: object[] = []
for (const { name, event, timeout } of orderQuestions.filter(
  ({ name }) => names.length === 0 || names.includes(name),
)) {
  lines = []
  const answer = await handler(event(), context(timeout)).catch((error) => ({ thrown: String(error) }))
  // What a stack writes after its answer belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 5))
  told.push({ name, answer, lines })
}
writeSync(1, JSON.stringify({ told, modules: (process as unknown as { moduleLoadList: string[] }).moduleLoadList }))
process.exit()

function capture(chunk: unknown, ...rest: unknown[]) {
  lines.push(...String(chunk).split('\n').filter(Boolean))
  const done = rest.at(-1)
  if (typeof done === 'function') queueMicrotask(() => done())
  return true
}
