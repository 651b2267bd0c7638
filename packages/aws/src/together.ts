import type { Due, Kept } from '@fnware/core'
import { type Health, summed } from '@fnware/core/extend'

/**
 * Cells that are looked after as one. What was fetched together ages a little apart, and would be fetched by a call for each:
 * when the first is to be refreshed, so are those that soon would be.
 * @param ttl ms that their values are good for
 */
export const together = (cells: readonly Kept[], ttl: number): Kept => {
  // The first of many is always an early one. Put off, so that environments that began at once do not refresh at once.
  const delay = cells.length > 1 ? Math.random() * 0.05 * ttl : 0
  let isFailing = true
  const soonest = () => Math.min(...cells.map(({ next }) => next))
  return {
    get next() {
      return soonest() + (isFailing ? 0 : delay)
    },
    get health(): Health {
      return summed(cells.map(({ health }) => health))
    },
    due(now) {
      if (now < this.next) return undefined
      const soon = now + spread * ttl
      const dues = cells.flatMap((cell) => (cell.next <= soon ? (cell.due(Math.max(now, cell.next)) ?? []) : []))
      const due = asOne(dues)
      due.done.then(
        (error) => {
          isFailing = error !== undefined
        },
        () => {
          isFailing = true
        },
      )
      return due
    },
  }
}

/** Values are refreshed when 75 to 90 % of their time are over. */
const spread = 0.15

const asOne = (dues: readonly Due[]): Due => ({
  wait: dues.some(({ wait }) => wait),
  abort: () => {
    for (const due of dues) due.abort()
  },
  done: Promise.allSettled(dues.map(({ done }) => done)).then((results) => {
    const failures = results.flatMap((it) => (it.status === 'rejected' ? [it.reason] : []))
    if (failures.length > 0) throw oneOf(failures)
    return oneOf(results.flatMap((it) => (it.status === 'fulfilled' && it.value !== undefined ? [it.value] : [])))
  }),
})

const oneOf = (errors: readonly unknown[]): unknown =>
  errors.length > 1 ? new AggregateError(errors, errors.map((error) => (error as Error).message).join('; ')) : errors[0]
