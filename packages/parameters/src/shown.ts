import { lazily } from '@fnware/aws/extend'
import { type Cell, live } from '@fnware/core'
import type { Definitions } from './parameters.ts'

/** What is found in the context: the latest values, none of which shows where it is printed or written as JSON. */
export const shownAs = (definitions: Definitions, cells: ReadonlyMap<string, Cell<unknown>>): object => {
  const shown = live(
    Object.fromEntries(
      Array.from(cells, ([key, cell]) => [key, definitions[key]?.lazy ? { value: lazily(cell) } : cell]),
    ),
  )
  // Otherwise an inspector that is asked for everything would read them.
  return Object.defineProperty(shown, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `[parameters: ${Object.keys(definitions).join(', ')}]`,
  })
}
