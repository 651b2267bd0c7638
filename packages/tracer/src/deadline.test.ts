import { lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { httpApiEvent } from '@fnware/testing'
import type { Span } from 'test-telemetry'
import { describe, expect, test, vi } from 'vitest'
import { daemon, header, parent, traced } from '../test/traced.ts'
import { tracer } from './index.ts'

const moment = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms))
const byName = (spans: readonly Span[], name: string): Span => {
  const found = spans.filter((span) => span.name === name)
  expect(found, name).toHaveLength(1)
  return found[0] as Span
}

describe('the deadline', () => {
  test('closes what hangs as its fault', async () => {
    const xray = await daemon()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const handler = lambda(http(), { deadline: 150, grace: 50 })
      .use(tracer())
      .handle(async ({ tracer }) => {
        await tracer.span('done', () => moment())
        await tracer.span('outer', () => tracer.span('hangs', () => new Promise(() => {})))
      })
    expect(await handler(httpApiEvent(), traced(header, 300))).toMatchObject({ statusCode: 504 })
    const spans = await xray.until((spans) => spans.length === 4 && spans.every(({ end }) => end))
    expect(byName(spans, 'done')).toMatchObject({ fault: false })
    for (const name of ['## function', 'outer', 'hangs'])
      expect(byName(spans, name)).toMatchObject({ fault: true, error: false })
    expect(byName(spans, 'hangs').exceptions[0]).toMatchObject({ type: 'DeadlineError' })
    vi.restoreAllMocks()
  })

  test('is told of where nobody can answer: Lambda is about to end the environment', async () => {
    const xray = await daemon()
    const handler = lambda()
      .use(tracer())
      .handle(async ({ tracer }) => {
        await tracer.span('done', () => moment())
        await tracer.span('hangs', () => new Promise(() => {}))
      })
    void handler({}, traced(header, 100))
    const spans = await xray.until((spans) => spans.length === 3)
    expect(byName(spans, 'done').end).toBeDefined()
    expect(byName(spans, 'hangs')).toMatchObject({ end: undefined, parent: byName(spans, '## function').id })
    expect(byName(spans, '## function')).toMatchObject({ end: undefined, parent })
  })

  test('what is still open at an ordinary end is in progress, and told of when it ends', async () => {
    const xray = await daemon()
    let finish: (() => void) | undefined
    const handler = lambda()
      .use(tracer())
      .handle(({ tracer }) => {
        void tracer.span('background', async () => {
          await new Promise<void>((resolve) => {
            finish = resolve
          })
          await tracer.span('late', () => moment())
          tracer.annotate('late', true)
        })
      })
    await handler({}, traced())
    const before = await xray.until((spans) => spans.length === 2)
    expect(byName(before, 'background')).toMatchObject({ end: undefined, fault: false })
    finish?.()
    const spans = await xray.until((spans) => spans.length === 3 && spans.every(({ end }) => end))
    expect(byName(spans, 'background')).toMatchObject({ annotations: { late: true }, fault: false })
    expect(byName(spans, 'late').parent).toBe(byName(spans, 'background').id)
  })
})
