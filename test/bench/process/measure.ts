import { writeSync } from 'node:fs'
import { context } from './context.ts'
import { requests } from './requests.ts'

/**
 * The process of one cell: how long one invocation of a bundled function takes once it is warm. Events and contexts are
 * made beforehand, batch by batch, so that only the function is timed. Time is the process's own, which does not
 * grow when somebody else has the processor, and beside it the clock on the wall.
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
/** A turn of the event loop, as between two invocations of Lambda's: timers and what was closed get theirs. */
const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve))

interface Sample {
  readonly cpu: number
  readonly wall: number
  readonly invocations: number
}
/** Batches until so many ms of processor time are used. */
const sample = async (ms: number, size: number): Promise<Sample> => {
  let cpu = 0
  let wall = 0
  let invocations = 0
  while (cpu < ms * 1e6) {
    const pairs = prepare(size)
    const start = process.hrtime.bigint()
    const before = process.cpuUsage()
    await run(pairs)
    const used = process.cpuUsage(before)
    wall += Number(process.hrtime.bigint() - start)
    cpu += (used.user + used.system) * 1e3
    invocations += size
    await turnOfLoop()
  }
  return { cpu: cpu / invocations, wall: wall / invocations, invocations }
}

const ms = Number(budget)
// Warm is what has run 10,000 times, or for a second: before that V8 has not made up its mind.
const warming: Sample[] = []
for (let used = 0, ran = 0; used < ms / 2 || (ran < 10_000 && used < 1000); used += 20) {
  // A batch takes about 0.3 ms: short enough that its contexts stay in the cache.
  const last = await sample(20, clamp(300_000 / (warming.at(-1)?.cpu ?? 30_000)))
  ran += last.invocations
  warming.push(last)
}
const size = clamp(300_000 / warming.at(-1)!.cpu)
const samples: Sample[] = []
while (samples.length < 40) samples.push(await sample(ms / 40, size))
const invocations = [...warming, ...samples].reduce((sum, { invocations }) => sum + invocations, 0)
writeSync(1, JSON.stringify({ samples, lines: (lines.count - written) / invocations }))
process.exit()

function clamp(size: number) {
  return Math.max(5, Math.min(2000, Math.round(size)))
}
/** Takes what is written to stdout and counts it: a line is made in full, and what the kernel would add is left out. */
function silence() {
  const lines = { count: 0 }
  process.stdout.write = ((_chunk: unknown, ...rest: unknown[]) => {
    lines.count++
    const done = rest.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }) as typeof process.stdout.write
  return lines
}
function fail(trouble: string): never {
  writeSync(2, `${name}: ${trouble}\n`)
  process.exit(1)
}
