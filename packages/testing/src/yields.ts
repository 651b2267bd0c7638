import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Middleware } from '@fnware/core'

// Kept from the start: a test may have put fake timers in its place.
const nextTurn = setImmediate

/** Numbers from 0 to 1, below 1. */
export type Random = () => number

/** What the invocation under way draws its turns from. */
export const drawing: AsyncLocalStorage<Random> = new AsyncLocalStorage()

/**
 * Lets others run: up to three turns, of the microtask queue or of the event loop, drawn by {@link interleave} from its
 * seed, and exactly one turn of the event loop elsewhere. Put it into what is under test, a stand-in for a client
 * for example, where the real thing would wait.
 */
export const yields = async (): Promise<void> => {
  const random = drawing.getStore()
  await (random ? turns(random) : nextTurn())
}

/**
 * A middleware that lets others run before and after `next`: `.use()` it between those that are under test. Nothing can
 * be made to yield from outside: invocations change places at `await`s, so that what has none needs some.
 * @param seed what the number of turns is drawn from outside of {@link interleave}
 */
export const yielding = (seed = 1): Middleware => {
  const own = randomFrom(seed)
  return async (_, next) => {
    const random = drawing.getStore() ?? own
    await turns(random)
    try {
      return await next()
    } finally {
      await turns(random)
    }
  }
}

export const turns = async (random: Random): Promise<void> => {
  for (let left = Math.floor(random() * 4); left > 0; left--) await (random() < 0.5 ? nextTurn() : undefined)
}

/** The same numbers for the same seed (mulberry32). */
export const randomFrom = (seed: number): Random => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
