import { lambda } from '@fnware/core'
import { hide } from '@fnware/core/extend'
import type { Span } from 'test-telemetry'
import { describe, expect, test, vi } from 'vitest'
import { daemon, header, parent, root, traced } from '../test/traced.ts'
import { tracer } from './index.ts'

const moment = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms))
const byName = (spans: readonly Span[], name: string): Span => {
  const found = spans.filter((span) => span.name === name)
  expect(found, name).toHaveLength(1)
  return found[0] as Span
}

describe('an invocation that is sampled', () => {
  test("has a subsegment of Lambda's segment, with its service and its cold start", async () => {
    const xray = await daemon()
    vi.stubEnv('_HANDLER', 'index.handler')
    const handler = lambda()
      .use(tracer({ service: 'orders' }))
      .handle(({ tracer }) => [tracer.traceId, tracer.sampled])
    const before = Date.now()
    expect(await handler({}, traced())).toEqual([root, true])
    const [span] = await xray.until((spans) => spans.length === 1)
    expect(span).toMatchObject({
      trace: root,
      parent,
      name: '## index.handler',
      annotations: { Service: 'orders', ColdStart: expect.any(Boolean) },
      raw: { type: 'subsegment' },
      error: false,
      fault: false,
    })
    expect(span?.start).toBeGreaterThanOrEqual(before - 1)
    expect(span?.end).toBeLessThanOrEqual(Date.now() + 1)
  })

  test('has been answered by the time that its datagram is out', async () => {
    const xray = await daemon()
    await lambda()
      .use(tracer())
      .handle(() => 1)({}, traced())
    await xray.until((spans) => spans.length === 1, 1000)
  })

  test('nests by await, also in parallel branches and in those that outlive what they are in', async () => {
    const xray = await daemon()
    const handler = lambda()
      .use(tracer())
      .handle(async ({ tracer }) => {
        await Promise.all(
          ['a', 'b', 'c'].map((name) =>
            tracer.span(name, async () => {
              await moment(Math.random() * 5)
              await tracer.span(`${name}.1`, () => moment())
              tracer.annotate('in', name)
              await Promise.all([tracer.span(`${name}.2`, () => moment(3)), tracer.span(`${name}.3`, () => moment(1))])
              tracer.span(`${name}.sync`, () => 1)
            }),
          ),
        )
        let later: Promise<unknown> | undefined
        await tracer.span('short', async () => {
          later = tracer.span('long', async () => {
            await moment(10)
            await tracer.span('in long', () => moment())
          })
        })
        await tracer.span('after', () => moment())
        await later
      })
    await handler({}, traced())
    const spans = await xray.until((spans) => spans.length === 20)
    const parents = Object.fromEntries(
      spans.slice(1).map(({ name, parent }) => [name, spans.find(({ id }) => id === parent)?.name]),
    )
    const own = '## function'
    expect(parents).toEqual({
      ...Object.fromEntries(
        ['a', 'b', 'c'].flatMap((name) => [
          [name, own],
          ...['1', '2', '3', 'sync'].map((it) => [`${name}.${it}`, name]),
        ]),
      ),
      short: own,
      long: 'short',
      'in long': 'long',
      after: own,
    })
    for (const name of ['a', 'b', 'c']) expect(byName(spans, name).annotations).toEqual({ in: name })
    expect(byName(spans, 'long').end).toBeGreaterThan(byName(spans, 'short').end as number)
    for (const { start, end } of spans) expect(end).toBeGreaterThanOrEqual(start)
    // More than a millisecond's precision.
    expect(spans.some(({ start }) => Math.abs(start - Math.round(start)) > 0.01)).toBe(true)
  })

  test('gives back what the function gives, and throws what it throws', async () => {
    const xray = await daemon()
    const thrown = new Error('mine')
    const promise = Promise.resolve(1)
    let began = false
    const lazy = {
      // biome-ignore lint/suspicious/noThenProperty: what begins when it is awaited, as a query builder does
      then: (resolve: (value: number) => void) => {
        began = true
        resolve(2)
      },
    }
    const handler = lambda()
      .use(tracer())
      .handle(async ({ tracer }) => {
        expect(tracer.span('promise', () => promise)).toBe(promise)
        expect(await tracer.span('lazy', () => lazy)).toBe(2)
        expect(() =>
          tracer.span('sync', () => {
            throw thrown
          }),
        ).toThrow(thrown)
        await expect(tracer.span('async', () => Promise.reject(thrown))).rejects.toBe(thrown)
        expect(tracer.span('nothing', () => undefined)).toBeUndefined()
      })
    await handler({}, traced())
    expect(began).toBe(true)
    const spans = await xray.until((spans) => spans.length === 6)
    expect(spans.filter(({ fault }) => fault).map(({ name }) => name)).toEqual(['sync', 'async'])
  })

  test('is handed what a span gives as it is, also where that can be asked nothing', async () => {
    const xray = await daemon()
    const unreadable = () => {
      throw new Error('unreadable')
    }
    const proxy = new Proxy({}, { get: unreadable, getPrototypeOf: unreadable })
    class Odd extends Promise<number> {
      // biome-ignore lint/suspicious/noThenProperty: a class of its own, as libraries have
      override then(): never {
        throw new Error('not like this')
      }
    }
    const odd = new Odd((resolve) => resolve(1))
    const handler = lambda()
      .use(tracer())
      .handle(({ tracer }) => [tracer.span('proxy', () => proxy), tracer.span('odd', () => odd)])
    const given = (await handler({}, traced())) as unknown[]
    expect(given[0] === proxy && given[1] === odd).toBe(true)
    const spans = await xray.until((spans) => spans.filter(({ end }) => end !== undefined).length >= 3)
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['proxy', 'odd']))
  })

  test('is told what there is to search for and to show, on the innermost span', async () => {
    const xray = await daemon()
    const handler = lambda()
      .use(tracer({ service: 'orders' }))
      .handle(async ({ tracer }) => {
        tracer.annotate('order', 'o-1')
        tracer.metadata('own', { a: 10n })
        await tracer.span(
          'span',
          async (span) => {
            await moment()
            tracer.annotate('count', 3)
            span.annotate('ok', true)
            span.metadata('more', [1], 'elsewhere')
            tracer.metadata('x', 1, 'AWS.mine')
          },
          { annotations: { first: 'x' }, metadata: { given: 1 }, kind: 'remote' },
        )
      })
    await handler({}, traced())
    const spans = await xray.until((spans) => spans.length === 2)
    expect(spans).toMatchObject([
      { annotations: { order: 'o-1' }, metadata: { orders: { own: { a: '10' } } } },
      {
        annotations: { first: 'x', count: 3, ok: true },
        metadata: { orders: { given: 1 }, elsewhere: { more: [1] }, '_AWS.mine': { x: 1 } },
        namespace: 'remote',
      },
    ])
  })

  test('what X-Ray does not index is shown instead', async () => {
    const xray = await daemon()
    const handler = lambda()
      .use(tracer({ service: 's' }))
      .handle(({ tracer }) => {
        const loose = tracer as unknown as { annotate(key: string, value: unknown): void }
        loose.annotate('order.id', 'x')
        loose.annotate('an object', { a: 1 })
        loose.annotate('object', { a: 1 })
        loose.annotate('nan', Number.NaN)
        loose.annotate('long', 'x'.repeat(1001))
        loose.annotate('half', '\ud800')
        for (let i = 0; i < 60; i++) loose.annotate(`k${i}`, i)
      })
    await handler({}, traced())
    const [span] = await xray.until((spans) => spans.length === 1)
    expect(span?.metadata.s).toMatchObject({
      'order.id': 'x',
      'an object': { a: 1 },
      object: { a: 1 },
      nan: 'NaN',
      long: 'x'.repeat(1001),
      half: '\ufffd',
      k59: 59,
    })
    expect(Object.keys(span?.annotations ?? {})).toHaveLength(50)
  })

  test('shows no value that is known to be secret', async () => {
    const xray = await daemon()
    hide(['hunter2hunter2'])
    const handler = lambda()
      .use(tracer())
      .handle(({ tracer }) => {
        tracer.annotate('a', 'it is hunter2hunter2')
        tracer.metadata('m', { deep: ['hunter2hunter2'] })
        throw new Error('no such password: hunter2hunter2', { cause: new Error('hunter2hunter2') })
      })
    await expect(handler({}, traced())).rejects.toThrow()
    await xray.until((spans) => spans.length === 1)
    const text = JSON.stringify(xray.documents)
    expect(text).toContain('it is [redacted]')
    expect(text).not.toContain('hunter2')
  })

  test('shows it in no other form and no other place either: encoded, as a number, in a name', async () => {
    const xray = await daemon()
    const secret = 'Tr0ub4dor & 3/ü'
    hide([secret, '90210314159'])
    const forms = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), `${JSON.stringify({ secret })}`]
    const basic = Buffer.from(`admin:${secret}`).toString('base64')
    const handler = lambda()
      .use(tracer())
      .handle(({ tracer }) => {
        tracer.annotate('url', `https://example.com/${forms[0]}`)
        tracer.metadata('m', [...forms, `Basic ${basic}`, { pin: 90210314159 }])
        tracer.metadata(`of ${secret}`, 1)
        tracer.span(`asks for ${secret}`, () => {})
        throw new Error(`no such user: ${forms[0]}`, { cause: new Error(basic) })
      })
    await expect(handler({}, traced())).rejects.toThrow()
    await xray.until((spans) => spans.length === 2)
    const text = JSON.stringify(xray.documents)
    for (const part of ['ub4dor', basic.slice(12), '90210314159']) expect(text).not.toContain(part)
  })

  test('shows what it returns where that is wanted', async () => {
    const xray = await daemon()
    vi.stubEnv('_HANDLER', 'index.handler')
    const answer = { a: 1 }
    await lambda()
      .use(tracer({ service: 's' }))
      .handle(() => answer)({}, traced())
    await lambda()
      .use(tracer({ service: 's', captureResponse: true }))
      .handle(() => answer)({}, traced())
    const spans = await xray.until((spans) => spans.length === 2)
    expect(spans.map(({ metadata }) => metadata)).toEqual([{}, { s: { 'index.handler response': answer } }])
  })
})

test('headers continue the trace below the innermost span, with what Lambda counts loops by', async () => {
  const xray = await daemon()
  const handler = lambda()
    .use(tracer())
    .handle(({ tracer }) => [tracer.headers(), tracer.span('a', (span) => [tracer.headers(), span.headers()])])
  const [own, [inner, same]] = (await handler({}, traced(`${header};Lineage=1:abc:0`))) as never as [
    Record<string, string>,
    Record<string, string>[],
  ]
  const [first, second] = await xray.until((spans) => spans.length === 2)
  const of = (id: string | undefined) => ({ 'x-amzn-trace-id': `Root=${root};Parent=${id};Sampled=1;Lineage=1:abc:0` })
  expect(own).toEqual(of(first?.id))
  expect(inner).toEqual(of(second?.id))
  expect(same).toEqual(inner)
})

test.each([
  [{ sevice: 'x' }, 'tracer(): there is no option `sevice`: did you mean `service`?'],
  [{ load: 'INIT' }, 'tracer(): `load` must be `lazy` or `init`'],
  [{ engine: { name: 'x' } }, 'tracer(): `engine` is none'],
  [{ patience: -1 }, 'tracer(): `patience` must be a number from 0 up'],
])('%o is refused where it is written', (options, message) => {
  expect(() => tracer(options as never)).toThrow(message)
})
