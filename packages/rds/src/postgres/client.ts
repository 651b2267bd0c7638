import type { Client, PoolClient, QueryResult } from 'pg'
import { LeaseError } from '../errors.ts'
import type { Lease } from '../lease.ts'
import type { Pinning } from '../pinning.ts'
import { type Shown, shownStatement, type Target } from '../shown.ts'
import { cancel, type Within } from './cancel.ts'
import type { Pg } from './pg.ts'

/** pg's own client, and what the pool asks of it. */
export interface LentClient extends Client {
  /** Sends a statement, and rejects with what the driver throws. */
  send(config: unknown, values?: unknown): Promise<QueryResult>
  /** pg's `query`, of who took it from the pool, such as Kysely or Drizzle. */
  queryOf(lease: Lease<LentClient>, config: unknown, values?: unknown, callback?: unknown): unknown
  /** Whether nothing runs on it, and no transaction is open. */
  isAtRest(): boolean
  /** A promise where the server is asked to cancel first. */
  destroy(): void | Promise<void>
}
export type ClientClass = new (config: object) => LentClient

interface Sending {
  send(): void
  reject(error: unknown): void
}

export type Callback = (error: unknown, result?: unknown) => void

export interface ClientOptions {
  readonly key: string
  readonly pinning: Pinning
  readonly keepsSession: boolean
  readonly shown: Shown
}

export const clientClass = (pg: Pg, { key, pinning, keepsSession, shown }: ClientOptions): ClientClass => {
  /** What is sent of a statement, unless it is refused. */
  const checked = (config: unknown): unknown => {
    if (typeof config === 'string') pinning.check(config)
    else {
      const { text, name, submit } = Object(config) as { text?: unknown; name?: string; submit?: unknown }
      if (typeof text === 'string') pinning.check(text)
      if (name && !keepsSession) {
        pinning.found('a named prepared statement', 'leave `name` out (it is sent without)')
        return submit ? config : { ...(config as object), name: undefined }
      }
    }
    return config
  }

  class FnwareClient extends pg.Client {
    readonly #sending: Sending[] = []

    constructor(config: object) {
      super(config)
      // Of PGOPTIONS, say. RDS Proxy pins a session that begins with options, and PgBouncer refuses it.
      if (!keepsSession) (this as unknown as Within).connectionParameters.options = undefined
    }

    send(config: unknown, values?: unknown): Promise<QueryResult> {
      return shownStatement(shown, this as unknown as Target, textOf(config), () => this.#send(config, values))
    }

    #send(config: unknown, values?: unknown): Promise<QueryResult> {
      return new Promise((resolve, reject) => {
        const statement = checked(config)
        const sending: Sending = {
          reject,
          send: () =>
            super.query(statement as string, values as unknown[], (error, result) => {
              // Otherwise the connection was taken away.
              if (this.#sending[0] !== sending) return
              this.#sending.shift()
              if (error) reject(error)
              else resolve(result)
              this.#next()
            }),
        }
        if (this.#sending.push(sending) === 1) this.#next()
      })
    }

    /** One after another: what waits in pg's own queue would still be sent when it must not be, and pg is to lose it. */
    #next(): void {
      const [sending] = this.#sending
      try {
        sending?.send()
      } catch (error) {
        this.#sending.shift()
        sending?.reject(error)
        this.#next()
      }
    }

    isAtRest(): boolean {
      // A cursor that was not closed is none of those.
      const { _activeQuery, _queryQueue } = this as unknown as Within
      const isFree = this.#sending.length === 0 && !_activeQuery && _queryQueue.length === 0
      return isFree && this.getTransactionStatus() === 'I'
    }

    destroy(): void | Promise<void> {
      const within = this as unknown as Within
      const { stream } = within.connection
      const isAtWork = this.#sending.length > 0 && !stream.destroyed && within.processID !== null
      const waiting = this.#sending.splice(0)
      // Where a statement has failed, the next is in there until the server is ready for it.
      within._queryQueue.length = 0
      if (!isAtWork) stream.destroy()
      for (const { reject } of waiting) reject(new Error('the connection was closed'))
      return isAtWork ? cancel(pg, within).then(() => void stream.destroy()) : undefined
    }

    queryOf(lease: Lease<LentClient>, config: unknown, values?: unknown, callback?: unknown): unknown {
      const done = typeof values === 'function' ? (values as Callback) : (callback as Callback | undefined)
      const given = typeof values === 'function' ? undefined : values
      const run = async () => {
        if (lease.isOver)
          throw lease.taken?.reason ?? new LeaseError(key, 'a connection was used after it had been released')
        try {
          return await this.send(config, given)
        } catch (error) {
          throw lease.failed(error, commits.test(textOf(config)))
        }
      }
      // A cursor or a stream tells of its end by itself.
      if (!lease.isOver && typeof (Object(config) as { submit?: unknown }).submit === 'function')
        return super.query(checked(config) as never, given as never, done as never)
      if (!done) return run()
      run().then((result) => done(undefined, result), done)
      return undefined
    }
  }
  return FnwareClient as unknown as ClientClass
}

const commits = /^\s*(?:commit|end)\b/i

export const textOf = (config: unknown): string =>
  typeof config === 'string' ? config : String((Object(config) as { text?: unknown }).text ?? '')

/**
 * A client as `pool.connect()` gives it: one of its own for each lease, so that who keeps it beyond its release meets an
 * error, and neither the statements nor the transaction of who has the connection then.
 */
export const lent = (lease: Lease<LentClient>): PoolClient => {
  const { client } = lease
  const own: Readonly<Record<string | symbol, unknown>> = {
    query: (config: unknown, values?: unknown, callback?: unknown) => client.queryOf(lease, config, values, callback),
    release: (error?: Error | boolean) => lease.release(Boolean(error)),
  }
  const proxy: LentClient = new Proxy(client, {
    get(_, name) {
      if (Object.hasOwn(own, name)) return own[name]
      const value = Reflect.get(client, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const result = Reflect.apply(value, client, args)
        return result === client ? proxy : result
      }
    },
    set: (_, name, value) => Reflect.set(client, name, value),
  })
  return proxy as unknown as PoolClient
}
