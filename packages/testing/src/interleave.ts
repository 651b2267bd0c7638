import type { Context } from '@fnware/core'
import { checkOptions } from '@fnware/core/extend'
import { fakeContext } from './context.ts'
import { type Ended, refuseLeaks, refuseSilence, said } from './leaks.ts'
import { collectLogs, type Logs } from './logs.ts'
import { drawing, randomFrom, turns } from './yields.ts'

export interface InterleaveOptions<Event = unknown, Result = unknown> {
  /** How many invocations run at once; as many as there are events, or 64, by default. */
  readonly count?: number
  /** What the order is drawn from: give that of a failure to see it again. Drawn itself by default. */
  readonly seed?: number
  /** ms that each invocation has; 30 000 by default. */
  readonly timeout?: number
  /** Looks at each invocation when all have ended, and throws where something is not its own. */
  readonly check?: (result: Result, event: Event, context: Context, logs: Logs) => unknown
}

export interface Interleaved<Result> {
  /** In the order of the events. */
  readonly results: readonly Result[]
  /** What each invocation wrote, in the order of the events. */
  readonly logs: readonly Logs[]
  readonly seed: number
}

/**
 * Runs invocations of a function at once, each with a context of its own, and fails if one sees what belongs to another.
 *
 * Each event is made with a mark of its own, to be put wherever data goes: a body, a header, a key of a log line. The mark
 * must come back, in the invocation's result, its error or its log, and may turn up nowhere else; nor may its request id.
 * Events that are given ready-made have no marks: `check` tells whose a result is.
 *
 * Invocations begin in an order drawn from the seed, and change places at `await`s: the function's own, and those of
 * {@link yields} and {@link yielding}. A failure says the seed. It brings the same order again, as far as nothing
 * outside of the process has a part in it.
 *
 * @param events makes the event of an invocation; or all of them
 * @throws Error that says which invocation saw whose data, where, and the seed
 * @throws Error when an invocation fails or a `check` does, with the first such error as its cause
 * @throws TypeError on an unknown option
 */
export const interleave = async <Event, Result>(
  handler: (event: Event, context: Context) => Promise<Result>,
  events: ((mark: string, index: number) => Event) | readonly Event[],
  options: InterleaveOptions<Event, Result> = {},
): Promise<Interleaved<Result>> => {
  checkOptions('interleave()', options, { count: 'number', seed: 'number', timeout: 'number', check: 'function' })
  const { seed = Math.floor(Math.random() * 2 ** 31), timeout = 30_000, check } = options
  const runs = planned(events, options.count, seed)
  if (!check && typeof events !== 'function')
    throw new TypeError('interleave(): events without marks need a `check`: give it, or (mark) => event')

  const ended = await Promise.all(
    runs.map(async ({ event, mark, random }): Promise<Ended<Event, Result>> => {
      const context = fakeContext({ timeout })
      await turns(random)
      const { result: outcome, logs } = await collectLogs(() =>
        drawing.run(random, () => settled(() => handler(event, context))),
      )
      return { mark, event, context, outcome, logs, said: said(outcome, logs) }
    }),
  )
  refuseLeaks(ended, seed)
  const results = resultsOf(ended, seed)
  if (!check) refuseSilence(ended, seed)
  for (const [i, { event, context, logs }] of check ? ended.entries() : [])
    try {
      await check?.(results[i] as Result, event, context, logs)
    } catch (error) {
      throw failure(`the check of invocation ${i} failed`, seed, error, logs)
    }
  return { results, logs: ended.map(({ logs }) => logs), seed }
}

const planned = <Event>(
  events: ((mark: string, index: number) => Event) | readonly Event[],
  count: number | undefined,
  seed: number,
) => {
  const random = randomFrom(seed)
  const most = typeof events === 'function' ? (count ?? 64) : Math.min(count ?? Infinity, events.length)
  if (!Number.isInteger(most) || most < 2)
    throw new TypeError(`interleave(): ${most} invocations cannot change places: there must be two at least`)
  return Array.from({ length: most }, (_, i) => {
    // In lower case and without anything that an encoding changes, so that it comes back as it went.
    const mark = `mark-${i}-${Math.floor(random() * 2 ** 31).toString(36)}.`
    const event = typeof events === 'function' ? events(mark, i) : (events[i] as Event)
    return { event, mark: typeof events === 'function' ? mark : undefined, random: randomFrom(random() * 2 ** 32) }
  })
}

const settled = async <T>(run: () => Promise<T>): Promise<PromiseSettledResult<T>> => {
  try {
    return { status: 'fulfilled', value: await run() }
  } catch (reason) {
    return { status: 'rejected', reason }
  }
}

const resultsOf = <Result>(ended: readonly Ended<unknown, Result>[], seed: number): Result[] => {
  const failures = ended.filter(({ outcome }) => outcome.status === 'rejected').length
  return ended.map(({ outcome, logs }, i) => {
    if (outcome.status === 'fulfilled') return outcome.value
    const others = failures > 1 ? ` (as ${failures} of ${ended.length} did)` : ''
    throw failure(`invocation ${i} failed${others}`, seed, outcome.reason, logs)
  })
}

const failure = (what: string, seed: number, cause: unknown, { text }: Logs) =>
  new Error(
    [
      `${what} (seed ${seed}): ${cause instanceof Error ? cause.message : String(cause)}`,
      ...(text.length > 0 ? ['It wrote:', ...text.slice(-10)] : []),
    ].join('\n'),
    { cause },
  )
