import { lambda } from '@fnware/core'
import { expect, test } from 'vitest'
import { daemon, root, traced } from '../../test/traced.ts'
import { type Tracer, tracer } from '../index.ts'

/** Runs something in an invocation, and gives what came of it. */
const tracing = async (fn: (tracer: Tracer) => unknown, spans: number) => {
  const xray = await daemon()
  await lambda()
    .use(tracer({ service: 's' }))
    .handle(({ tracer }) => fn(tracer))({}, traced())
    .catch(() => {})
  const all = await xray.until((all) => all.length === spans)
  for (const { length } of xray.datagrams) expect(length).toBeLessThan(64_400)
  return { all, xray }
}
const text = (length: number) => 'x'.repeat(length)

test('a tree that is too large for a datagram goes in several, each where it belongs', async () => {
  const { all, xray } = await tracing(async (tracer) => {
    for (let i = 0; i < 30; i++)
      await tracer.span(`outer ${i}`, () =>
        tracer.span(`inner ${i}`, async (span) => {
          for (let j = 0; j < 4; j++) span.metadata(`m${j}`, text(2000 + i))
        }),
      )
  }, 61)
  expect(xray.documents.length).toBeGreaterThan(3)
  const ids = new Map(all.map(({ id, name }) => [id, name]))
  for (const { name, parent, trace } of all) {
    expect(trace).toBe(root)
    if (name.startsWith('inner')) expect(ids.get(parent as string)).toBe(name.replace('inner', 'outer'))
    if (name.startsWith('outer')) expect(ids.get(parent as string)).toBe('## function')
  }
  expect(all.find(({ name }) => name === 'inner 29')?.metadata).toMatchObject({ s: { m3: text(2029) } })
})

test('of many spans those that have ended are sent before the end', async () => {
  const { all } = await tracing(async (tracer) => {
    for (let i = 0; i < 1000; i++) await tracer.span(`n ${i}`, async () => {})
  }, 1001)
  expect(new Set(all.map(({ name }) => name)).size).toBe(1001)
  expect(all.filter(({ parent }) => parent === all.find(({ name }) => name === '## function')?.id)).toHaveLength(1000)
})

test('a chain that is very deep is sent', async () => {
  const deep = (tracer: Tracer, n: number): Promise<unknown> =>
    tracer.span(`deep ${n}`, () => (n > 0 ? deep(tracer, n - 1) : Promise.resolve()))
  const { all } = await tracing((tracer) => deep(tracer, 500), 502)
  const ids = new Map(all.map(({ id, name }) => [id, name]))
  for (const { name, parent } of all) {
    const n = Number(name.slice(5))
    if (name.startsWith('deep')) expect(ids.get(parent as string)).toBe(n === 500 ? '## function' : `deep ${n + 1}`)
  }
})

test('what alone is too large is cut, the largest first, with a note', async () => {
  const { all } = await tracing((tracer) => {
    tracer.metadata('small', 'kept')
    for (let i = 0; i < 10; i++)
      tracer.metadata(
        `large ${i}`,
        Array.from({ length: 4 }, () => text(4000)),
      )
    tracer.annotate('a', 1)
  }, 1)
  const metadata = (all[0]?.metadata.s ?? {}) as Record<string, unknown>
  expect(metadata.small).toBe('kept')
  expect(Object.values(metadata).filter((value) => value === '[cut: 16013 bytes]')).not.toHaveLength(0)
  expect(all[0]?.annotations).toMatchObject({ a: 1 })
})

test('thousands of small ones are as much as a large one', async () => {
  const { all } = await tracing((tracer) => {
    for (let i = 0; i < 20_000; i++) tracer.metadata(`key number ${i}`, i)
  }, 1)
  expect(all[0]?.metadata).toMatchObject({
    s: { 'key number 0': 0 },
    fnware: { cut: expect.stringMatching(/^\d+ more$/) },
  })
})

test('everything at its largest at once still goes', async () => {
  const wide = '漢'
  const chain = Array.from({ length: 20 }).reduce<Error>(
    (cause, _, i) => Object.assign(new Error(wide.repeat(5000), { cause }), { stack: stackOf(i) }),
    new Error('innermost'),
  )
  const { all } = await tracing((tracer) => {
    for (let i = 0; i < 50; i++) tracer.annotate(`k${i}`, wide.repeat(1000))
    for (let i = 0; i < 50; i++) tracer.metadata(wide.repeat(300) + i, wide.repeat(16_000))
    return tracer.span(wide.repeat(1000), () => {
      for (let i = 0; i < 50; i++) tracer.annotate(`k${i}`, wide.repeat(1000))
      throw chain
    })
  }, 2)
  expect(all[0]?.exceptions[0]).toMatchObject({
    type: 'Error',
    message: expect.stringMatching(/^漢{2000}… \[5000 characters\]$/),
  })
  expect(all[1]?.name).toBe(wide.repeat(200))
})
const stackOf = (i: number) =>
  `Error: x\n${Array.from({ length: 100 }, (_, j) => `    at ${'f'.repeat(400)}${i} (/${'漢'.repeat(500)}/${j}.js:${j}:1)`).join('\n')}`

test.each([
  ['orders: get', 'orders: get'],
  ['GET /orders/{id}?x=1', 'GET /orders/_id__x=1'],
  ['ünïcode 漢字 №1', 'ünïcode 漢字 _1'],
  ['"quotes"\n\u0000', '_quotes_ _'.replace(' ', '_')],
  ['', 'unnamed'],
  ['   ', 'unnamed'],
  ['😀'.repeat(300), '_'.repeat(200)],
  ['\ud800x', '_x'],
])('a name that X-Ray does not take is made one that it does: %s', async (name, written) => {
  const { all } = await tracing((tracer) => tracer.span(name, () => 1), 2)
  expect(all[1]?.name).toBe(written)
})

test('a name that is no text does no harm', async () => {
  const { all } = await tracing((tracer) => {
    tracer.span(undefined as never, () => 1)
    tracer.span(Symbol('x') as never, () => 1)
    tracer.span({ toString: () => ({}) } as never, () => 1)
  }, 4)
  expect(all.map(({ name }) => name)).toEqual(['## function', 'undefined', 'Symbol_x_', 'unnamed'])
})
