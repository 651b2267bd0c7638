import { lazily } from '@fnware/aws/extend'
import { type Cell, live } from '@fnware/core'
import type { Fetched } from './fetching.ts'
import type { Definitions } from './secrets.ts'

/** What is found in the context: the latest values, none of which shows where it is printed or written as JSON. */
export const shownAs = (definitions: Definitions, cellOf: (key: string) => Cell<Fetched>): object => {
  const shown = live(
    Object.fromEntries(
      Object.entries(definitions).map(([key, secret]) => {
        const cell = cellOf(key)
        if (!secret.lazy)
          return [
            key,
            {
              get value() {
                return cell.value.values[key]
              },
            },
          ]
        const read = lazily(cell)
        return [key, { value: async () => (await read()).values[key] }]
      }),
    ),
  )
  // Otherwise an inspector that is asked for everything would read them.
  return Object.defineProperty(shown, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `[secrets: ${Object.keys(definitions).join(', ')}]`,
  })
}
