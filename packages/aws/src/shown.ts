import type { Cell } from '@fnware/core'
import { lazily } from './lazily.ts'

/** What is found under one key. */
export interface Shown<T> {
  readonly cell: Cell<T>
  /** Whether what is found is a function that fetches it. */
  readonly lazy: boolean
  /** Its part of what the cell holds. */
  read(fetched: T): unknown
}

/**
 * What is found in the context: always the latest values, none of which shows where the object is printed, copied or written
 * as JSON.
 * @param what an inspector calls it, with the keys
 */
export const shown = <T>(what: string, entries: Readonly<Record<string, Shown<T>>>): object => {
  const object = {}
  for (const [key, { cell, lazy, read }] of Object.entries(entries)) {
    const fetched = lazily(cell)
    Object.defineProperty(
      object,
      key,
      lazy ? { value: async () => read(await fetched()) } : { get: () => read(cell.value) },
    )
  }
  // Otherwise one that is asked for everything would read them.
  return Object.defineProperty(object, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `[${what}: ${Object.keys(entries).join(', ')}]`,
  })
}
