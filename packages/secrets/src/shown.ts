import { lazily } from '@fnware/aws/extend'
import type { Cell } from '@fnware/core'
import type { Fetched } from './fetching.ts'
import type { Definitions } from './secrets.ts'

/**
 * What is found in the context: the latest values, none of which shows where it is printed or written as JSON.
 * @param cellOf what is fetched for a key
 */
export const shownAs = (definitions: Definitions, cellOf: (key: string) => Cell<Fetched>): object => {
  const shown = {}
  for (const [key, { lazy }] of Object.entries(definitions)) {
    const cell = cellOf(key)
    const read = lazily(cell)
    Object.defineProperty(
      shown,
      key,
      lazy ? { value: async () => (await read()).values[key] } : { get: () => cell.value.values[key] },
    )
  }
  // Otherwise an inspector that is asked for everything would read them.
  return Object.defineProperty(shown, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `[secrets: ${Object.keys(definitions).join(', ')}]`,
  })
}
