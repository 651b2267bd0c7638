import type { Pool } from 'pg'
import type { Connections } from '../connections.ts'
import type { Borrower } from '../lease.ts'
import { single } from '../single.ts'
import { type Callback, type LentClient, lent } from './client.ts'
import type { Pg } from './pg.ts'

export interface PoolFrom {
  readonly connections: Connections<LentClient>
  readonly borrower: Borrower<LentClient> | undefined
}

/** The driver's own pool, for libraries that take one: its connections are those of the resource, lent as carefully. */
export const poolOf = (pg: Pg, { connections, borrower }: PoolFrom): Pool => {
  class LendingPool extends pg.Pool {
    // @ts-expect-error: pg's overloads are the types of this
    override connect(callback?: (error: unknown, client?: unknown, release?: unknown) => void): unknown {
      const client = connections.acquire(borrower).then(lent)
      if (!callback) return client
      client.then(
        (client) => callback(undefined, client, client.release),
        (error) => callback(error, undefined, () => {}),
      )
      return undefined
    }

    // @ts-expect-error: pg's overloads are the types of this
    override query(config: unknown, values?: unknown, callback?: Callback): unknown {
      if (typeof (Object(config) as { submit?: unknown }).submit === 'function')
        return super.query(config as never, values as never, callback as never)
      const done = typeof values === 'function' ? (values as Callback) : callback
      const given = typeof values === 'function' ? undefined : values
      const result = single({
        connections,
        borrower,
        isIdempotent: false,
        send: (client) => client.send(config, given),
      })
      if (!done) return result
      result.then((value) => done(undefined, value), done)
      return undefined
    }

    // @ts-expect-error: a getter in pg as well
    override get totalCount(): number {
      return connections.health.open
    }
    // @ts-expect-error: a getter in pg as well
    override get idleCount(): number {
      return connections.idleCount
    }
    // @ts-expect-error: a getter in pg as well
    override get waitingCount(): number {
      return connections.health.waiting
    }

    /** The resource ends its connections, when it is disposed of: what took this pool has no part in that. */
    // @ts-expect-error: pg's overloads are the types of this
    override end(callback?: () => void): unknown {
      if (!callback) return Promise.resolve()
      queueMicrotask(callback)
      return undefined
    }
  }
  return new LendingPool({ max: connections.max }) as unknown as Pool
}
