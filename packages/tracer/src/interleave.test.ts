import { HttpError, type Invocation, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { httpApiEvent, interleave, yielding, yields } from '@fnware/testing'
import type { Span } from 'test-telemetry'
import { expect, test } from 'vitest'
import { daemon } from '../test/traced.ts'
import { type Tracer, tracer } from './index.ts'

const hex = (n: number, length: number) => n.toString(16).padStart(length, '0')
const rootOf = (i: number) => `1-5759e988-${hex(i, 24)}`
const parentOf = (i: number) => hex(i + 1, 16)
type Way = 'returns' | 'throws' | 'hangs on'
const ways: readonly Way[] = ['returns', 'throws', 'hangs on']
/** Every fifth is not sampled. */
const isSampled = (i: number) => i % 5 !== 0

test('64 invocations at once never share a trace, a parent, an annotation or an error', async () => {
  const xray = await daemon()
  const background: Promise<unknown>[] = []
  const handler = lambda(http())
    .use(yielding(1))
    .use(tracer<{ mark: string; branch: string; step: string }>({ service: 'shared' }))
    .use(yielding(2))
    .handle(async ({ event, tracer, defer }) => {
      const { mark = '', way } = event.queryStringParameters as { mark?: string; way?: Way }
      tracer.annotate('mark', mark)
      await yields()
      const branch = (name: string) =>
        tracer.span(`${mark} ${name}`, async (span) => {
          await yields()
          tracer.annotate('branch', `${mark} ${name}`)
          const inner = await tracer.span(`${mark} ${name} inner`, async () => {
            await yields()
            tracer.metadata('mark', mark)
            await yields()
            return tracer.headers()
          })
          await yields()
          span.annotate('step', mark)
          return inner
        })
      const headers = await Promise.all(['a', 'b', 'c'].map(branch))
      if (way === 'hangs on')
        background.push(tracer.span(`${mark} background`, () => yields().then(yields).then(yields)))
      await yields()
      if (way === 'throws')
        await tracer.span(`${mark} thrower`, async () => {
          await yields()
          throw new HttpError(500, mark, { cause: new Error(`cause of ${mark}`) })
        })
      defer(() => tracer.metadata('deferred', mark))
      return { mark, headers, traceId: tracer.traceId }
    })
  let index = 0
  const indexes = new Map<string, number>()
  await interleave(
    (event: ReturnType<typeof httpApiEvent>, context) => {
      const i = indexes.get(String(event.queryStringParameters?.mark)) as number
      const xRayTraceId = `Root=${rootOf(i)};Parent=${parentOf(i)};Sampled=${isSampled(i) ? 1 : 0}`
      return handler(event, Object.assign(context, { xRayTraceId }))
    },
    (mark) => {
      indexes.set(mark, index)
      return httpApiEvent({ query: { mark, way: ways[index++ % 3] as Way } })
    },
  )
  await Promise.all(background)
  expect(indexes.size).toBe(64)
  const spans = await xray.until((all) => [...indexes].every(([mark, i]) => complete(all, mark, i)))
  expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length)
  const traces = new Set(spans.map(({ trace }) => trace))
  expect(traces.size).toBe([...indexes.values()].filter(isSampled).length)
  for (const [mark, i] of indexes) {
    const own = spans.filter(({ trace }) => trace === rootOf(i))
    if (!isSampled(i)) {
      expect(own).toEqual([])
      continue
    }
    const named = (name: string) => own.find((span) => span.name === name) as Span
    const top = named('## function')
    expect(top).toMatchObject({ parent: parentOf(i), annotations: { mark, Service: 'shared' } })
    if (ways[i % 3] !== 'throws') expect(top.metadata).toEqual({ shared: { deferred: mark } })
    for (const name of ['a', 'b', 'c']) {
      expect(named(`${mark} ${name}`)).toMatchObject({
        parent: top.id,
        annotations: { branch: `${mark} ${name}`, step: mark },
      })
      expect(named(`${mark} ${name} inner`)).toMatchObject({
        parent: named(`${mark} ${name}`).id,
        metadata: { shared: { mark } },
      })
    }
    for (const span of own.filter((span) => span !== top)) expect(span.name).toContain(mark)
    const others = [...indexes.keys()].filter((other) => other !== mark)
    for (const span of own) for (const other of others) expect(JSON.stringify(span)).not.toContain(other)
    if (ways[i % 3] === 'throws') {
      expect(top.exceptions.map(({ message }) => message)).toEqual([mark, `cause of ${mark}`])
      expect(named(`${mark} thrower`).parent).toBe(top.id)
    }
    if (ways[i % 3] === 'hangs on') expect(named(`${mark} background`)).toMatchObject({ parent: top.id, fault: false })
  }
})

const complete = (all: readonly Span[], _mark: string, i: number): boolean => {
  if (!isSampled(i)) return true
  const own = all.filter(({ trace }) => trace === rootOf(i))
  return own.length === (ways[i % 3] === 'returns' ? 7 : 8) && own.every(({ end }) => end !== undefined)
}

test('a span in the asynchronous context of another invocation is its own all the same', async () => {
  const xray = await daemon()
  const tracers: Tracer[] = []
  const handler = lambda()
    .use(tracer())
    .handle(async ({ event, tracer }: Invocation<unknown> & { tracer: Tracer }) => {
      tracers.push(tracer)
      await yields()
      if (event === 'second') {
        const [other] = tracers as [Tracer]
        // As a cache does that was filled by another's: it holds on to what it was made with.
        await tracer.span('own', () => other.span('others', () => other.headers()))
      } else await new Promise((resolve) => setTimeout(resolve, 20))
    })
  const at = (i: number) => ({
    ...{ awsRequestId: String(i), functionName: 'function', getRemainingTimeInMillis: () => 10_000 },
    xRayTraceId: `Root=${rootOf(i)};Parent=${parentOf(i)};Sampled=1`,
  })
  await Promise.all([handler('first', at(1) as never), handler('second', at(2) as never)])
  const spans = await xray.until((spans) => spans.length === 4)
  expect(spans.find(({ name }) => name === 'own')?.trace).toBe(rootOf(2))
  expect(spans.find(({ name }) => name === 'others')?.trace).toBe(rootOf(1))
})
