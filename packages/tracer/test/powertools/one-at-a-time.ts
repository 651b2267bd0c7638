import { HttpError } from '@fnware/core'
import { base, header, instance, invoke } from './kit.ts'

// What a function does with Powertools' tracer, one invocation after the other.
const shared = new Error('of both')
const handler = base({ captureResponse: true }).handle(async ({ event, tracer }) => {
  await Promise.all([
    tracer.span('left', async (span) => {
      await new Promise((done) => setTimeout(done, 5))
      span.annotate('side', 'left')
      await tracer.span('leaf', async () => {
        await null
        tracer.annotate('leaf', true)
      })
    }),
    tracer.span('right', async () => {
      await new Promise((done) => setTimeout(done, 2))
      tracer.annotate('side', 'right')
      tracer.metadata('items', [1, { two: 2n }])
      // The user's own way beside ours.
      instance.putAnnotation('byHand', 1)
    }),
  ])
  await tracer
    .span('fails', async () => {
      throw new TypeError('outer', { cause: new RangeError('inner') })
    })
    .catch(() => {})
  void tracer.span('left behind', () => new Promise(() => {}))
  if (event === (2 as never))
    await tracer.span('throws', () => {
      throw shared
    })
  if (event === (3 as never)) throw new HttpError(429, 'too many')
  return { traceId: tracer.traceId, sampled: tracer.sampled, headers: tracer.headers() }
})
for (const i of [1, 2, 3]) {
  const result = await invoke(handler as never, i).catch((error: Error) => error.message)
  console.log(JSON.stringify(result))
}
process.env._X_AMZN_TRACE_ID = header(4).replace('Sampled=1', 'Sampled=0')
const { fakeContext } = await import('@fnware/testing')
console.log(JSON.stringify(await handler({} as never, fakeContext())))
