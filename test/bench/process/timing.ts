/** What one sample of a warm function took, in ns an invocation. */
export interface Sample {
  readonly cpu: number
  readonly wall: number
  readonly invocations: number
}

/** What is timed: what a batch is made of, beforehand, and how it is run. */
export interface Timed<T> {
  readonly prepare: (size: number) => readonly T[]
  readonly run: (batch: readonly T[]) => Promise<void>
}

/**
 * Forty samples of a function that is warm, of so many ms in all. What is prepared for a batch is not timed. Time is the
 * process's own, which does not grow when somebody else has the processor, and beside it the clock on the wall.
 */
export const timed = async <T>(
  what: Timed<T>,
  ms: number,
): Promise<{ readonly samples: readonly Sample[]; readonly invocations: number }> => {
  // Warm is what has run 10,000 times, or for a second: before that V8 has not made up its mind.
  const warming: Sample[] = []
  for (let used = 0, ran = 0; used < ms / 2 || (ran < 10_000 && used < 1000); used += 20) {
    // A batch takes about 0.3 ms: short enough that its contexts stay in the cache.
    const last = await sample(what, 20, clamp(300_000 / (warming.at(-1)?.cpu ?? 30_000)))
    ran += last.invocations
    warming.push(last)
  }
  const size = clamp(300_000 / warming.at(-1)!.cpu)
  const samples: Sample[] = []
  while (samples.length < 40) samples.push(await sample(what, ms / 40, size))
  return { samples, invocations: [...warming, ...samples].reduce((sum, { invocations }) => sum + invocations, 0) }
}

/** Batches until so many ms of processor time are used. */
const sample = async <T>({ prepare, run }: Timed<T>, ms: number, size: number): Promise<Sample> => {
  let cpu = 0
  let wall = 0
  let invocations = 0
  while (cpu < ms * 1e6) {
    const batch = prepare(size)
    const start = process.hrtime.bigint()
    const before = process.cpuUsage()
    await run(batch)
    const used = process.cpuUsage(before)
    wall += Number(process.hrtime.bigint() - start)
    cpu += (used.user + used.system) * 1e3
    invocations += size
    await turnOfLoop()
  }
  return { cpu: cpu / invocations, wall: wall / invocations, invocations }
}

/** A turn of the event loop, as between two invocations of Lambda's: timers and what was closed get theirs. */
export const turnOfLoop = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))

const clamp = (size: number) => Math.max(5, Math.min(2000, Math.round(size)))

/** Takes what is written to stdout and counts it: a line is made in full, and what the kernel would add is left out. */
export const silence = (): { count: number } => {
  const lines = { count: 0 }
  process.stdout.write = ((_chunk: unknown, ...rest: unknown[]) => {
    lines.count++
    const done = rest.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }) as typeof process.stdout.write
  return lines
}
