import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Connection, FieldPacket, QueryOptions } from 'mysql2'
import type { Pinning } from '../pinning.ts'
import { type Shown, showingStatement, type Target } from '../shown.ts'
import type { Isolation, TransactionOptions } from '../transaction.ts'
import { kindOf } from './kind.ts'
import { checkPinning } from './pins.ts'

/** As text on the wire, with the parameters in it, or prepared on the server. */
export type How = 'query' | 'execute'
export type Result = [result: unknown, fields: FieldPacket[]]
export type Done = (error: unknown, result?: unknown, fields?: FieldPacket[]) => void

export interface SessionOptions {
  readonly pinning: Pinning
  readonly shown: Shown
  readonly target: Target
  /** Called whenever the connection is found to be gone. */
  lost(): void
  /** Called when it was cut off in the middle of a statement, to have the server end that. */
  cut(threadId: number, text: string): Promise<void>
}

/** A connection of mysql2, and what is known of its session on the server. */
export class Session {
  readonly connection: Connection
  readonly #socket: Socket
  readonly #options: SessionOptions
  /** What was begun and has not ended, in this order. */
  readonly #running = new Set<EventEmitter & { readonly sql?: string }>()
  /** What of it tells of its end by events: streams. */
  readonly #streams = new Set<EventEmitter>()
  /** The server's status flags, as of its last answer that had them. */
  #status = serverStatus.autocommit
  /** The isolation level that the session was made with, once it is known. */
  #ownIsolation: string | undefined
  /** The isolation level, where it is another than its own. */
  #isolation: string | undefined

  constructor(connection: Connection, socket: Socket, options: SessionOptions) {
    this.connection = connection
    this.#socket = socket
    this.#options = options
    const { stream } = connection as unknown as { stream: EventEmitter }
    for (const event of ['end', 'close']) stream.on(event, options.lost)
    // While nothing is sent on it as well: an error without a listener would end the process.
    connection.on('error', (error: unknown) => {
      options.lost()
      for (const stream of this.#streams) {
        stream.emit('error', error)
        stream.emit('end')
      }
    })
  }

  /** Whether the server has a transaction open. */
  get inTransaction(): boolean {
    return (this.#status & serverStatus.inTransaction) !== 0
  }

  /** Whether nothing runs on it, no transaction is open, and every statement is its own. */
  get isAtRest(): boolean {
    return this.#running.size === 0 && !this.inTransaction && (this.#status & serverStatus.autocommit) !== 0
  }

  /** Sends a statement, and rejects with what the driver throws. */
  async send(how: How, statement: string | QueryOptions, values?: unknown): Promise<Result> {
    if (this.#isolation && !this.inTransaction) await this.isolate(undefined)
    return this.#run(how, statement, values)
  }

  async begin({ isolation, readOnly }: TransactionOptions): Promise<void> {
    await this.isolate(isolation)
    await this.#run('query', readOnly ? 'start transaction read only' : 'start transaction')
  }

  /**
   * The session's isolation level, which an RDS Proxy keeps track of. That of the next transaction alone might go to
   * another connection than the transaction.
   */
  async isolate(level: Isolation | undefined): Promise<void> {
    if (level === this.#isolation) return
    this.#ownIsolation ??= await this.#readIsolation()
    await this.#run('query', `set session transaction isolation level ${level ?? this.#ownIsolation}`)
    this.#isolation = level
  }

  async #readIsolation(): Promise<string> {
    // Under this name in MySQL since 5.7 and MariaDB since 11.1, under that one before.
    const sql = "show variables where variable_name in ('transaction_isolation', 'tx_isolation')"
    const [rows] = await this.#run('query', { sql, rowsAsArray: true })
    return `${(rows as unknown[][])[0]?.[1]}`.replace('-', ' ')
  }

  #run(how: How, statement: string | QueryOptions, values?: unknown): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.start(how, statement, values, (error, result, fields) => {
        if (error) reject(error)
        else resolve([result, fields as FieldPacket[]])
      })
    })
  }

  /** The driver's own way, whose result tells of its end itself where there is no callback. */
  start(how: How, statement: string | QueryOptions, values?: unknown, done?: Done): EventEmitter {
    const { connection } = this
    this.checkPinning(how, statement, values)
    const ended = showingStatement(this.#options.shown, this.#options.target, textOf(statement))
    let command: EventEmitter | undefined
    let isOver = false
    const over: Done = (error, result, fields) => {
      if (isOver) return
      isOver = true
      if (error) this.#failed(error)
      else this.#answered(result, fields)
      if (command) this.#running.delete(command)
      ended?.(error ?? undefined)
      done?.(error, result, fields)
    }
    const send = connection[how].bind(connection) as (...args: unknown[]) => EventEmitter
    const given = values === undefined ? [statement] : [statement, values]
    command = done ? send(...given, over) : this.#watch(send(...given), over)
    if (!isOver) this.#running.add(command)
    return command
  }

  /** @throws PinningError in the mode `refuse` */
  checkPinning(how: How | 'prepare', statement: string | QueryOptions, values?: unknown): void {
    const text = textOf(statement)
    const given = values ?? (statement as QueryOptions).values
    checkPinning(this.#options.pinning, how, text, () => this.connection.format(text, given as never))
  }

  #watch(command: EventEmitter, over: Done): EventEmitter {
    this.#streams.add(command)
    command.on('error', over)
    command.once('end', () => {
      this.#streams.delete(command)
      over(null)
    })
    return command
  }

  #failed(error: unknown): void {
    if (kindOf(error) === 'lost') this.#options.lost()
    // The driver gives up waiting, and leaves the connection in the middle of an answer.
    if ((error as { code?: unknown }).code === 'PROTOCOL_SEQUENCE_TIMEOUT') void this.destroy()
  }

  #answered(result: unknown, fields: unknown): void {
    const isHeader = Array.isArray(fields) ? fields.length > 0 && fields.at(-1) === undefined : fields === undefined
    const last = isHeader && Array.isArray(result) ? result.at(-1) : result
    const status = isHeader && (last as { serverStatus?: unknown } | undefined)?.serverStatus
    if (typeof status === 'number') this.#status = status
  }

  ping(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.ping((error) => (error ? reject(error) : resolve()))
    })
  }

  /**
   * Closes the socket: what runs ends with an error, which it would not if the driver were asked. Resolves when the server
   * has been asked to end it, too.
   */
  destroy(): Promise<void> | undefined {
    const { destroyed } = this.#socket
    const [running] = this.#running
    this.#options.lost()
    destroy(this.connection, this.#socket)
    return running?.sql && !destroyed ? this.#options.cut(this.connection.threadId, running.sql) : undefined
  }
}

/** TLS first, which would say goodbye through a socket that is gone. */
export const destroy = (connection: Connection, socket: Socket): void => {
  ;(connection as unknown as { stream: Socket }).stream.destroy()
  socket.destroy()
}

/** @see https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html */
const serverStatus = { inTransaction: 1, autocommit: 2 }

export const textOf = (statement: string | QueryOptions): string =>
  typeof statement === 'string' ? statement : String((Object(statement) as { sql?: unknown }).sql ?? '')
