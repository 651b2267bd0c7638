import { type Invocation, lambda } from '@fnware/core'
import { interleave, yielding, yields } from '@fnware/testing'
import { trace } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { collecting } from '../../test/collector.ts'
import { register } from '../../test/registering.ts'
import { opentelemetry } from '../opentelemetry.ts'
import type { Tracer } from '../span.ts'
import { tracer } from '../tracer.ts'

interface Event {
  readonly mark: string
  readonly trace: string
  readonly parent: string
  readonly headers: Readonly<Record<string, string>>
}

const event = (mark: string, i: number): Event => {
  const number = (i + 1).toString(16).padStart(4, '0')
  const [id, parent] = [number.padStart(32, 'a'), number.padStart(16, 'b')]
  return { mark, trace: id, parent, headers: { traceparent: `00-${id}-${parent}-01`, baggage: `mark=${mark}` } }
}

const handler = () =>
  lambda<Event, unknown>()
    .use(yielding(1))
    .use(tracer({ engine: opentelemetry(), patience: 20_000 }))
    .use(yielding(2))
    .handle((async (ctx: Invocation<Event> & { tracer: Tracer }) => {
      const { event, tracer } = ctx
      const { mark } = event
      const branch = (side: string) =>
        tracer.span(side, async (span) => {
          await yields()
          tracer.annotate('mark', mark)
          await tracer.span(`${side} below`, async () => {
            await yields()
            tracer.annotate('mark', mark)
            await trace.getTracer('library').startActiveSpan(`${side} library`, async (span) => {
              await yields()
              tracer.annotate('mark', mark)
              span.end()
            })
          })
          span.metadata('also', { mark })
          await yields()
        })
      await yields()
      await Promise.all([branch('left'), branch('right')])
      tracer.annotate('mark', mark)
      await tracer
        .span('fails', async () => {
          await yields()
          tracer.annotate('mark', mark)
          throw new Error(`failed by ${mark}`)
        })
        .catch(() => {})
      return { mark, headers: tracer.headers(), traceId: tracer.traceId }
    }) as never)

test.each([
  ['a provider of its own', () => {}],
  ['a provider that is registered', () => void register()],
  ['a provider without a context manager', () => void register({}, { manager: undefined })],
])('64 invocations at once, with %s: none has a trace, a parent or an annotation of another', async (_, prepare) => {
  const collector = await collecting()
  prepare()
  const count = 64
  await interleave(handler() as never, event, {
    count,
    check: (result: never, { trace: id }: Event) => {
      expect(result).toMatchObject({
        traceId: id,
        headers: { traceparent: expect.stringMatching(new RegExp(`^00-${id}-`)) },
      })
    },
  })
  await collector.until((spans) => spans.length === count * 8)
  for (let i = 0; i < count; i++) {
    const { trace: id, parent } = event('', i)
    const spans = collector.spansOf(id)
    const named = (name: string) => spans.find((span) => span.name === name)
    const root = spans.find((span) => span.parent === parent)
    expect(spans.map(({ name }) => name).toSorted()).toEqual(
      ['fails', 'function', 'left', 'left below', 'left library', 'right', 'right below', 'right library'].toSorted(),
    )
    expect(root?.name).toBe('function')
    for (const side of ['left', 'right']) {
      expect(named(side)?.parent).toBe(root?.id)
      expect(named(`${side} below`)?.parent).toBe(named(side)?.id)
      expect(named(`${side} library`)?.parent).toBe(named(`${side} below`)?.id)
    }
    expect(named('fails')?.parent).toBe(root?.id)
    const marks = new Set(spans.map(({ attributes }) => attributes.mark))
    expect(marks.size).toBe(1)
    const [mark] = marks
    expect(named('left')?.attributes.also).toBe(JSON.stringify({ mark }))
    expect(named('fails')?.status.message).toBe(`failed by ${mark}`)
  }
  expect(new Set(collector.spans.map(({ attributes }) => attributes.mark)).size).toBe(count)
})
