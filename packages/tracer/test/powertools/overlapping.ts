import { base, instance, invoke } from './kit.ts'

// Two invocations at once: the second begins while the first waits.
const [way] = process.argv.slice(2)
const turn = (ms: number) => new Promise((done) => setTimeout(done, ms))

const byHand = async (i: number) =>
  instance.provider.captureAsyncFunc(`## ${i}`, async (subsegment) => {
    instance.putAnnotation('of', i)
    await turn(40)
    subsegment?.close()
    return i
  }) as Promise<number>

const handler = base().handle(async ({ event, tracer }) => {
  tracer.annotate('of', event as never)
  await tracer.span('within', () => turn(40))
  return [event, tracer.sampled]
})

const run = (i: number): Promise<unknown> =>
  invoke((way === 'by hand' || (way === 'beside' && i === 2) ? byHand : handler) as never, i)

const first = run(1)
await turn(10)
const second = run(2)
console.log(JSON.stringify(await Promise.all([first, second])))
// When they have ended, there is one at a time again.
if (way === 'ours') console.log(JSON.stringify(await run(3)))
