import { expect, test } from 'vitest'
import type { TraceEvent } from '../events.ts'
import type { Told } from './told.ts'
import { Traces } from './traces.ts'

const trace = '1-5759e988-bd862e3fe1be46a994272793'
const told = (spans: readonly Told[]): readonly string[] => {
  const events: TraceEvent[] = []
  const traces = new Traces((event) => events.push(event))
  const invocation = { function: 'f', environment: 'e', requestId: 'r', trace, invocation: 'root', many: false }
  traces.begin(invocation)
  traces.take(spans, 'e')
  traces.end('r', [])
  traces.close()
  return events.flatMap(({ spans }) => spans.map(({ id }) => id))
}
const span = (id: string, parent: string, start: number): Told => ({
  ...{ id, parent, start, end: start + 1, trace, name: id, by: 'function', status: 'ok', error: undefined },
  ...{ attributes: {}, detail: {}, requestId: undefined },
})

test('parents stand before their children, and these in the order of their beginnings; each is told once', () => {
  const spans = [span('c', 'a', 3), span('b', 'a', 2), span('a', 'root', 1), span('d', 'b', 4), span('b', 'a', 2)]
  expect(told(spans)).toEqual(['a', 'b', 'd', 'c'])
})

test('those who claim to be their own ancestors are told as well', () => {
  expect(told([span('a', 'root', 1), span('x', 'y', 2), span('y', 'x', 3)])).toEqual(['a', 'x', 'y'])
  expect(told([span('a', 'root', 1), span('a', 'a', 2)])).toEqual(['a'])
})

test('of a function that calls itself 20 000 deep, and in as many spans beside each other', () => {
  const deep = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i === 0 ? 'root' : `s${i - 1}`, i))
  expect(told(deep)).toEqual(deep.map(({ id }) => id))
  const wide = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, 'root', i))
  expect(told(wide)).toEqual(wide.map(({ id }) => id))
})
