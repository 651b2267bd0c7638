import type { AsyncLocalStorage } from 'node:async_hooks'

/** The transactions that the code at hand runs in, the innermost first. */
interface Inside {
  readonly pool: object
  readonly outer: Inside | undefined
  /** What was begun in it and outlives it runs in none. */
  isOver: boolean
}

let storage: AsyncLocalStorage<Inside> | undefined
/** How many run: while there are none, nobody need look. */
let running = 0

/** Runs what a transaction on a connection of this pool is to do. */
export const inside = async <T>(pool: object, run: () => Promise<T>): Promise<T> => {
  storage ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)()
  const here: Inside = { pool, outer: storage.getStore(), isOver: false }
  running++
  try {
    return await storage.run(here, run)
  } finally {
    running--
    here.isOver = true
  }
}

/** How many connections of this pool the transactions hold that the code at hand runs in. */
export const heldInside = (pool: object): number => {
  let count = 0
  for (let it = running > 0 ? storage?.getStore() : undefined; it; it = it.outer)
    if (it.pool === pool && !it.isOver) count++
  return count
}
