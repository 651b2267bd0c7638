import type { Pool, QueryOptions } from 'mysql2'
import type { Connections } from '../connections.ts'
import type { Borrower } from '../lease.ts'
import { single } from '../single.ts'
import { lent } from './lent.ts'
import type { MySql2 } from './mysql2.ts'
import type { DriverOptions } from './options.ts'
import type { Done, How, Session } from './session.ts'

export interface PoolFrom {
  readonly mysql2: MySql2
  readonly driver: DriverOptions
  readonly connections: Connections<Session>
  readonly borrower: Borrower<Session> | undefined
}

/** The driver's own pool, for libraries that take one: its connections are those of the resource, lent as carefully. */
export const poolOf = ({ mysql2, driver, connections, borrower }: PoolFrom): Pool => {
  const { key, max } = connections
  // It makes no connection by itself.
  const pool = mysql2.createPool({ ...driver, connectionLimit: max, maxIdle: max })
  const { query } = pool

  const connection = async () => {
    const lease = await connections.acquire(borrower)
    try {
      await lease.client.isolate(undefined)
    } catch (error) {
      const thrown = lease.failed(error, false)
      lease.release(true)
      throw thrown
    }
    return lent(mysql2, key, lease)
  }

  const send = (how: How, statement: string | QueryOptions, values: unknown, done: Done) =>
    single({
      connections,
      borrower,
      isIdempotent: false,
      send: (session) => session.send(how, statement, values),
    }).then(
      ([result, fields]) => process.nextTick(done, null, result, fields),
      (error) => process.nextTick(done, error),
    )

  return Object.assign(pool, {
    getConnection(done: (error: unknown, connection?: unknown) => void) {
      connection().then(
        (connection) => process.nextTick(done, null, connection),
        (error) => process.nextTick(done, error),
      )
    },
    query(statement: string | QueryOptions, values?: unknown, callback?: Done): unknown {
      const [given, done] = typeof values === 'function' ? [undefined, values as Done] : [values, callback]
      // A stream: the driver's own way, by getConnection().
      if (!done) return query.call(pool, statement as never, given as never)
      return void send('query', statement, given, done)
    },
    execute(statement: string | QueryOptions, values?: unknown, callback?: Done): void {
      const [given, done = () => {}] = typeof values === 'function' ? [undefined, values as Done] : [values, callback]
      send('execute', statement, given, done)
    },
    /** The resource ends its connections, when it is disposed of: what took this pool has no part in that. */
    end(done: (error?: unknown) => void = () => {}) {
      process.nextTick(done)
    },
  }) as unknown as Pool
}
