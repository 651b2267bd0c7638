import type { Invocation } from '@fnware/core'
import { healthOf } from '@fnware/core/extend'
import { type Definition, definition } from './definition.ts'
import { dimensionValue } from './dimension-value.ts'
import { isName } from './names.ts'
import type { Writer } from './writer.ts'

/** Not counted up: how many there are just now. */
const states = new Set(['open', 'waiting'])

/**
 * Writes what has changed of the resources' health since it was last written. That is kept for the environment: what
 * happens while several invocations run is written by the first of them to end, and by no other.
 */
export const healths = (writer: Writer): ((ctx: Invocation) => void) => {
  const shape = writer.shape({ names: ['resource'], sets: [[0]] })
  const definitions = new Map<string, Definition>()
  const written = new Map<string, Record<string, number>>()
  return (ctx) => {
    for (const [resource, counts] of healthOf(ctx)) {
      const before = written.get(resource) ?? {}
      const metrics: Definition[] = []
      const values: number[] = []
      for (const [name, count] of Object.entries(counts)) {
        const last = before[name] ?? 0
        if (count === last || !Number.isFinite(count) || !isName('metric', name)) continue
        const defined = definitions.get(name) ?? definition(name, 'Count', definitions.size)
        definitions.set(name, defined)
        metrics.push(defined)
        // One that has fallen is that of a new value: it began at nothing.
        values[defined.index] = states.has(name) || count < last ? count : count - last
        before[name] = count
      }
      written.set(resource, before)
      if (metrics.length === 0) continue
      const dimensions = [dimensionValue(resource) ?? 'unnamed']
      writer.write({ shape, dimensions, metrics, values })
    }
  }
}
