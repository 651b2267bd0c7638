import { EventEmitter } from 'node:events'
import type { PoolConnection, PrepareStatementInfo, QueryOptions } from 'mysql2'
import { LeaseError } from '../errors.ts'
import type { Lease } from '../lease.ts'
import type { MySql2 } from './mysql2.ts'
import { type Done, type How, type Session, textOf } from './session.ts'

type Callback = (error?: unknown, ...results: unknown[]) => void

/**
 * A connection as `pool.getConnection()` gives it: the driver's own interface, to one lease. Who keeps it for longer than
 * that gets an error, and no other's connection.
 */
class LentConnection extends EventEmitter {
  readonly #mysql2: MySql2
  readonly #key: string
  readonly #lease: Lease<Session>
  /** The error of its loss. */
  #lost: unknown
  /** As the driver's own connections have it. */
  readonly threadId: number

  constructor(mysql2: MySql2, key: string, lease: Lease<Session>) {
    super()
    this.#mysql2 = mysql2
    this.#key = key
    this.#lease = lease
    this.threadId = lease.client.connection.threadId
    // As with the driver's pool, what nobody listens to ends no process.
    this.on('error', () => {})
  }

  query(sql: string | QueryOptions, values?: unknown, callback?: Callback): EventEmitter {
    return this.#start('query', sql, values, callback)
  }
  execute(sql: string | QueryOptions, values?: unknown, callback?: Callback): EventEmitter {
    return this.#start('execute', sql, values, callback)
  }
  beginTransaction(callback?: Callback): EventEmitter {
    return this.query('START TRANSACTION', callback)
  }
  commit(callback?: Callback): EventEmitter {
    return this.query('COMMIT', callback)
  }
  rollback(callback?: Callback): EventEmitter {
    return this.query('ROLLBACK', callback)
  }
  ping(callback: Callback = () => {}): void {
    const { connection } = this.#open()
    connection.ping((error) => callback(this.#failed(error, false)))
  }
  prepare(sql: string, callback?: (error: unknown, statement?: PrepareStatementInfo) => void): unknown {
    const session = this.#open()
    session.checkPinning('prepare', sql)
    return session.connection.prepare(sql, callback as never)
  }
  unprepare(sql: string): unknown {
    return this.#open().connection.unprepare(sql)
  }
  changeUser(_: unknown, callback?: Callback): void {
    const error = new LeaseError(
      this.#key,
      'a connection of the pool stays that of its user: .use() one more resource, with a `key` of its own',
    )
    if (!callback) throw error
    process.nextTick(callback, error)
  }

  pause(): void {
    this.#open().connection.pause()
  }
  resume(): void {
    this.#lease.client.connection.resume()
  }
  escape(value: unknown): string {
    return this.#lease.client.connection.escape(value)
  }
  escapeId(value: string): string {
    return this.#lease.client.connection.escapeId(value)
  }
  format(sql: string, values?: unknown): string {
    return this.#lease.client.connection.format(sql, values)
  }
  get config(): unknown {
    return this.#lease.client.connection.config
  }
  get authorized(): boolean {
    return this.#lease.client.connection.authorized
  }
  get state(): string {
    return this.#lease.isOver ? 'disconnected' : this.#lease.client.connection.state
  }

  release(): void {
    this.#lease.release()
  }
  /** As with the driver's own pool: it goes back, and is not ended. */
  end(callback?: Callback): void {
    this.#lease.release()
    if (callback) process.nextTick(callback)
  }
  destroy(): void {
    this.#lease.release(true)
  }
  promise(implementation?: PromiseConstructor): unknown {
    return this.#mysql2.PoolConnection.prototype.promise.call(this as never, implementation)
  }

  #open(): Session {
    const { isOver, taken } = this.#lease
    if (!isOver) return this.#lease.client
    throw taken?.reason ?? this.#lost ?? new LeaseError(this.#key, 'a connection was used after it had been released')
  }

  /** What is lost is given back at once: some who take a connection only think of it when all goes well. */
  #failed(error: unknown, isCommit: boolean): unknown {
    if (!error) return error
    const thrown = this.#lease.failed(error, isCommit)
    if (this.#lease.isLost) {
      this.#lost ??= thrown
      this.#lease.release(true)
    }
    return thrown
  }

  #start(how: How, statement: string | QueryOptions, values: unknown, callback: Callback | undefined): EventEmitter {
    // A command that the driver's pool has made has its callback with it.
    const command = Object(statement) as { onResult?: Done }
    const done = command.onResult ?? (typeof values === 'function' ? (values as Done) : (callback as Done | undefined))
    const given = typeof values === 'function' ? undefined : values
    const isCommit = commits.test(textOf(statement))
    const failed = (error: unknown) => this.#failed(error, isCommit)
    try {
      if (!done) {
        const stream = this.#open().start(how, statement, given)
        stream.on('error', failed)
        return stream
      }
      const session = this.#open()
      return session.start(how, statement, given, (error, result, fields) => done(failed(error), result, fields))
    } catch (error) {
      if (!done) throw error
      process.nextTick(done, error)
      return this
    }
  }
}

const commits = /^\s*commit\b/i

export const lent = (mysql2: MySql2, key: string, lease: Lease<Session>): PoolConnection =>
  new LentConnection(mysql2, key, lease) as unknown as PoolConnection
