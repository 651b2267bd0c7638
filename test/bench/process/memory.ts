import { writeSync } from 'node:fs'
import { context } from './context.ts'
import { requests } from './requests.ts'

/** The process of one memory figure: the resident set after so many invocations, each with a turn of the event loop. */
const [bundle, count] = process.argv.slice(2) as [string, string]
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> }
const [asked] = requests('order')
process.stdout.write = ((_chunk: unknown, ...rest: unknown[]) => {
  const done = rest.at(-1)
  if (typeof done === 'function') queueMicrotask(() => done())
  return true
}) as typeof process.stdout.write
for (let i = 0; i < Number(count); i++) {
  const wrong = asked!.wrong(await handler(asked!.event(), context()))
  if (wrong) throw new Error(wrong)
  await new Promise((resolve) => setImmediate(resolve))
}
writeSync(1, String(process.memoryUsage.rss()))
process.exit()
