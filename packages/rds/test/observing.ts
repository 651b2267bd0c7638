import { AsyncLocalStorage } from 'node:async_hooks'
import { observe, type Work } from '@fnware/core/extend'

/** What a trace would show. */
export interface Seen {
  readonly work: Work
  isOver: boolean
  error?: unknown
}

const traced = new AsyncLocalStorage<Seen[]>()
observe((work) => {
  const all = traced.getStore()
  if (!all) return undefined
  const seen: Seen = { work: work(), isOver: false }
  all.push(seen)
  return (error) => Object.assign(seen, { isOver: true, error })
})

/** Runs something, and tells what a trace would show of it. What is thrown is its result. */
export const observedIn = async <T>(run: () => Promise<T>): Promise<{ seen: readonly Seen[]; result: T }> => {
  const seen: Seen[] = []
  const result = await traced.run(seen, () => run().catch((error) => error))
  return { seen, result }
}

/** What statements are shown as; names of what else is. */
export const statementsOf = (seen: readonly Seen[]): readonly string[] =>
  seen.map(({ work }) => work.sql?.statement ?? work.name)
