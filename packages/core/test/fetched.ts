import { type Cell, type Due, type Freshness, fresh } from '../src/index.ts'

export interface Call {
  readonly signal: AbortSignal
  answer(value: unknown): void
  fail(error: Error): void
}
export interface Service {
  readonly calls: Call[]
  fetch(signal: AbortSignal): Promise<unknown>
}

/** A service whose answers are given by hand. */
export const service = (): Service => {
  const calls: Call[] = []
  const fetch = (signal: AbortSignal) =>
    new Promise<unknown>((answer, fail) => {
      calls.push({ signal, answer, fail })
    })
  return { calls, fetch }
}

/** A cell that has been fetched once, and the calls of its service. */
export const fetched = async (options?: Freshness): Promise<{ cell: Cell<unknown>; calls: Call[] }> => {
  const { calls, fetch } = service()
  const cell = fresh(fetch, options)
  const first = cell.due(Date.now())
  calls[0]?.answer('v1')
  await first?.done
  return { cell, calls }
}

export const due = (cell: Cell<unknown>): Due | undefined => {
  const due = cell.due(Date.now())
  // Not every test waits for what it asks for.
  due?.done.catch(() => {})
  return due
}
