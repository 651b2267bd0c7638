import type { Cell } from '@fnware/core'
import { settledWithin } from '@fnware/core/extend'

/**
 * Reads a cell that no environment looks after: fetched when first read, and looked at whenever it is read. An ageing value
 * is refreshed then, but not waited for longer than 500 ms: the last good one serves.
 */
export const lazily =
  <T>(cell: Cell<T>): (() => Promise<T>) =>
  async () => {
    // Before anything is awaited, so that renew() sees it.
    const known = cell.value
    const due = cell.due(Date.now())
    if (!due) return known
    if (due.wait) await due.done
    else {
      await settledWithin(due.done, patience)
      due.abort()
    }
    return cell.value
  }
/** ms that a read waits for a refresh that is under way. */
const patience = 500
