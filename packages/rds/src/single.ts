import { backoff } from './backoff.ts'
import type { Connections } from './connections.ts'
import { pause } from './in-time.ts'
import { type Borrower, hadNoEffect } from './lease.ts'

export interface Single<Client extends object, T> {
  readonly connections: Connections<Client>
  readonly borrower: Borrower<Client> | undefined
  /** Whether it may take effect twice. */
  readonly isIdempotent: boolean
  send(client: Client): Promise<T>
}

/** How often a statement is sent again that may be. */
const retries = 3

/** A statement on a connection of its own: sent once, unless it may take effect twice. */
export const single = async <Client extends object, T>(statement: Single<Client, T>): Promise<T> => {
  const { connections, borrower, isIdempotent, send } = statement
  let inDoubt: unknown
  for (let attempt = 0; ; attempt++) {
    const lease = await connections.acquire(borrower).catch((error) => {
      // That nobody can be reached now does not mean that nothing was sent.
      throw (!borrower?.signal.aborted && inDoubt) || error
    })
    // Lost since it was looked at: nothing was sent, and nothing is.
    const isSent = !lease.isLost
    try {
      if (isSent) return await send(lease.client)
    } catch (error) {
      const thrown = lease.failed(error, false)
      const mayRepeat = isIdempotent && !lease.taken && hadNoEffect(lease.failure?.kind ?? 'unknown')
      if (!mayRepeat || attempt >= retries) throw thrown
      if (lease.failure?.kind === 'lost') inDoubt = thrown
    } finally {
      lease.release()
    }
    connections.counters.retried++
    if (isSent) await pause(backoff(lease.failure?.kind, attempt), borrower?.signal)
  }
}
