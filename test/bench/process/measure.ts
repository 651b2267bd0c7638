import { writeSync } from 'node:fs'
import { context } from './context.ts'
import { requests } from './requests.ts'
import { silence, timed } from './timing.ts'

/**
 * The process of one cell: how long one invocation of a bundled function takes once it is warm. Events and contexts are
 * made beforehand, batch by batch, so that only the function is timed.
 */
const [bundle, name, budget] = process.argv.slice(2) as [string, string, string]
const lines = silence()
const { handler } = (await import(bundle)) as {
  handler: (event: unknown, context: unknown) => Promise<unknown>
}
const asked = requests(name)

// Every kind of request is looked at once: a cell that answers wrongly is not measured.
let written = 0
for (const { event, wrong } of asked) {
  const trouble = wrong(await handler(event(), context()))
  if (trouble) fail(trouble)
  written = lines.count
}

type Pair = readonly [event: object, context: object]
let turn = 0
const prepare = (size: number): Pair[] => {
  const pairs: Pair[] = []
  for (let i = 0; i < size; i++) pairs.push([asked[turn++ % asked.length]!.event(), context()])
  return pairs
}
const run = async (pairs: readonly Pair[]) => {
  for (const pair of pairs) await handler(pair[0], pair[1])
}

const { samples, invocations } = await timed({ prepare, run }, Number(budget))
writeSync(1, JSON.stringify({ samples, lines: (lines.count - written) / invocations }))
process.exit()

function fail(trouble: string): never {
  writeSync(2, `${name}: ${trouble}\n`)
  process.exit(1)
}
