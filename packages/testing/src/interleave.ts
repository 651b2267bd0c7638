import type { Context, Middleware } from '@fnware/core'
import { checkOptions } from '@fnware/core/extend'
import { fakeContext } from './context.ts'
import { collectLogs, type Logs } from './logs.ts'

export interface InterleaveOptions {
  /** How many invocations run at once; 64 by default. */
  readonly count?: number
  /** What the order is drawn from: give that of a failure to see it again. Drawn itself by default. */
  readonly seed?: number
  /** ms that each invocation has; 30 000 by default. */
  readonly timeout?: number
}

export interface Interleaved<Result> {
  readonly results: readonly Result[]
  /** What each invocation wrote. */
  readonly logs: readonly Logs[]
  readonly seed: number
}

/**
 * Runs invocations of a function at once, and fails if one sees what belongs to another.
 *
 * Each event is made with a mark of its own, to be put wherever data goes: a body, a header, a key of a log line. No
 * mark may turn up in the result or the log lines of another invocation. The function's own `await`s are where
 * invocations change places; {@link yielding} makes more of them.
 *
 * @param event makes the event of an invocation
 * @throws Error that says which invocation saw whose data, where, and the seed
 * @throws TypeError on an unknown option
 */
export const interleave = async <Event, Result>(
  handler: (event: Event, context: Context) => Promise<Result>,
  event: (mark: string, index: number) => Event,
  options: InterleaveOptions = {},
): Promise<Interleaved<Result>> => {
  checkOptions('interleave()', options, { count: 'number', seed: 'number', timeout: 'number' })
  const { count = 64, seed = Math.floor(Math.random() * 2 ** 31), timeout = 30_000 } = options
  const random = randomFrom(seed)
  const marks = Array.from({ length: count }, (_, i) => `mark-${i}-${Math.floor(random() * 2 ** 31).toString(36)}.`)
  const runs = await Promise.all(
    marks.map(async (mark, i) => {
      await turns(Math.floor(random() * 4))
      return collectLogs(() => handler(event(mark, i), fakeContext({ timeout })))
    }),
  )
  for (const [i, { result, logs }] of runs.entries()) {
    refuseLeak(marks, i, JSON.stringify(result) ?? '', 'its result', seed)
    for (const line of logs.text) refuseLeak(marks, i, line, 'a line of its log', seed)
  }
  return { results: runs.map(({ result }) => result), logs: runs.map(({ logs }) => logs), seed }
}

const refuseLeak = (marks: readonly string[], own: number, text: string, where: string, seed: number) => {
  const other = marks.findIndex((mark, i) => i !== own && text.includes(mark))
  if (other >= 0)
    throw new Error(
      `invocation ${own} saw what belongs to invocation ${other}, in ${where} (seed ${seed}): ${text.slice(0, 500)}`,
    )
}

/**
 * A middleware that lets other invocations run, a few turns of the event loop before and after `next`: `.use()` it
 * between the middlewares that are under test.
 * @param seed what the number of turns is drawn from
 */
export const yielding = (seed = 1): Middleware => {
  const random = randomFrom(seed)
  return async (_, next) => {
    await turns(Math.floor(random() * 4))
    try {
      return await next()
    } finally {
      await turns(Math.floor(random() * 4))
    }
  }
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomFrom = (seed: number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
