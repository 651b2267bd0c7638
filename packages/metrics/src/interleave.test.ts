import { HttpError, lambda } from '@fnware/core'
import { interleave, yielding, yields } from '@fnware/testing'
import { ingest } from 'test-telemetry'
import { expect, test } from 'vitest'
import { metrics } from './index.ts'

interface Event {
  readonly mark: string
  readonly way: 'returns' | 'throws' | 'defers'
}
const ways = ['returns', 'throws', 'defers'] as const

const handler = lambda<Event>()
  .use(
    metrics({
      namespace: 'shop',
      service: 'orders',
      metrics: { placed: 'Count', latency: 'Milliseconds', size: 'Bytes' },
      dimensions: ['tenant', 'user'],
    }),
  )
  .use(yielding(2))
  .handle(async ({ event: { mark, way }, metrics, defer }) => {
    metrics.add('placed', 1)
    await yields()
    metrics.dimensions({ tenant: mark })
    const child = metrics.with({ user: `user of ${mark}` })
    child.add('latency', 1)
    await yields()
    metrics.metadata('order', mark)
    child.add('latency', 2)
    metrics.add('size', 3)
    await yields()
    child.metadata('child', mark)
    if (way === 'defers')
      defer(async () => {
        await yields()
        metrics.with({ user: 'late' }).add('placed', 4)
        await yields()
      })
    if (way === 'throws') throw new HttpError(500, `boom ${mark}`)
    return mark
  })

test('64 invocations keep values, dimensions and metadata to themselves', async () => {
  const invoke = (event: Event, context: never) => handler(event, context).catch((error: Error) => error.message)
  await interleave(invoke as never, (mark, i): Event => ({ mark, way: ways[i % 3] as Event['way'] }), {
    check: async (_, { mark, way }, __, { stdout }) => {
      const stored = await ingest(stdout)
      stored.expectSound()
      const own = { service: 'orders', tenant: mark }
      const child = { ...own, user: `user of ${mark}` }
      expect(stored.metrics.map(({ name, values, dimensions }) => [name, values, dimensions])).toEqual([
        ['placed', [1], own],
        ['size', [3], own],
        ['latency', [1, 2], child],
        ...(way === 'defers' ? [['placed', [4], { ...own, user: 'late' }]] : []),
      ])
      expect(stored.json.map(({ order, child }) => [order, child])).toEqual([
        [mark, undefined],
        [mark, mark],
        ...(way === 'defers' ? [[mark, undefined]] : []),
      ])
    },
  })
})
