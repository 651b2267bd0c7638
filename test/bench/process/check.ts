import { writeSync } from 'node:fs'
import { context } from './context.ts'
import { requests } from './requests.ts'

/**
 * The process of the equivalence test: asks bundled cells everything that they are measured at, and tells what is wrong
 * with their answers, and how often what must run after the handler has run.
 */
interface Told {
  readonly trouble: readonly string[]
  readonly unwound: number
}
process.stdout.write = ((_chunk: unknown, ...rest: unknown[]) => {
  const done = rest.at(-1)
  if (typeof done === 'function') queueMicrotask(() => done())
  return true
}) as typeof process.stdout.write

const told: Told[] = []
for (const place of process.argv.slice(2)) {
  const [bundle, name] = place.split('#') as [string, string]
  const { handler, unwound } = (await import(bundle)) as {
    handler: (event: unknown, context: unknown) => Promise<unknown>
    unwound: { count: number }
  }
  const asked = requests(name)
  const trouble: string[] = []
  for (const { event, wrong } of asked) {
    const found = wrong(await handler(event(), context()))
    if (found) trouble.push(found)
  }
  told.push({ trouble, unwound: unwound.count / asked.length })
}
writeSync(1, JSON.stringify(told))
process.exit()
