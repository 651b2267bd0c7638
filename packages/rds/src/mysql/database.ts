import type { ExecuteValues, FieldPacket, Pool, QueryOptions, QueryResult, QueryValues } from 'mysql2'
import type { Connections } from '../connections.ts'
import type { Health } from '../health.ts'
import { Borrower, ran } from '../lease.ts'
import { single } from '../single.ts'
import { type Statements, type TransactionOptions, transaction } from '../transaction.ts'
import { refuseControl } from './controls.ts'
import { dialect } from './dialect.ts'
import type { MySql2 } from './mysql2.ts'
import { OpenTransaction } from './open-transaction.ts'
import type { DriverOptions } from './options.ts'
import { poolOf } from './pool.ts'
import { type How, type Result, type Session, textOf } from './session.ts'

/** mysql2's own form of a statement, and what may be said of it. */
export interface Statement extends QueryOptions {
  /** It may take effect twice: it is sent again when its connection is lost. Never in a transaction, which is run again as a whole. */
  readonly idempotent?: boolean
}

/** mysql2's own `query`, its forms and its results, by promise. */
export interface Queries {
  /**
   * The driver escapes the values and puts them into the text.
   * @example const [rows] = await db.query<OrderRow[]>('select id, sku from orders where sku = ?', [sku])
   * @throws what mysql2 throws, unchanged; ConnectionLostError, FailoverError and other RdsErrors, which say what to do
   */
  query<Result extends QueryResult>(
    statement: string | Statement,
    values?: QueryValues,
  ): Promise<[result: Result, fields: FieldPacket[]]>
}

/** mysql2's own `execute`. */
export interface Executions {
  /** Prepares the statement on the server, which pins the session of an RDS Proxy: for connections to the database itself. */
  execute<Result extends QueryResult>(
    statement: string | Statement,
    values?: ExecuteValues,
  ): Promise<[result: Result, fields: FieldPacket[]]>
}

/** A transaction, while its function runs. */
export interface Transaction extends Queries, Executions {}

/** MySQL or MariaDB, as an invocation has it. */
export interface MySql extends Queries, Executions {
  /**
   * Runs `run` between START TRANSACTION and COMMIT on one connection, and rolls back what it throws. After a deadlock, a
   * lock that was waited for too long, or a connection that was lost before COMMIT was sent it is run again, while there
   * is time.
   * @throws CommitUnknownError when the connection is lost after COMMIT was sent: it is not run again
   * @throws TransactionError when a statement would end, or has ended, the transaction, as CREATE or TRUNCATE do
   */
  transaction<T>(run: (tx: Transaction) => T | Promise<T>, options?: TransactionOptions): Promise<T>
  /** mysql2's own pool, for Kysely, Drizzle and others; `pool.promise()` is that of mysql2/promise. */
  readonly pool: Pool
  readonly health: Health
}

export interface DatabaseOptions {
  readonly mysql2: MySql2
  readonly driver: DriverOptions
  readonly connections: Connections<Session>
}

export class MySqlDatabase implements MySql {
  readonly #options: DatabaseOptions
  readonly #borrower: Borrower<Session> | undefined
  #pool: Pool | undefined

  constructor(options: DatabaseOptions, borrower?: Borrower<Session>) {
    this.#options = options
    this.#borrower = borrower
  }

  /** What an invocation has: its connections end with it. */
  of(invocation: ConstructorParameters<typeof Borrower>[1]): MySqlDatabase {
    const { key } = this.#options.connections
    return new MySqlDatabase(this.#options, new Borrower(key, invocation))
  }

  query(statement: string | Statement, values?: QueryValues): Promise<never> {
    return ran(this.#borrower, () => this.#single('query', statement, values))
  }
  execute(statement: string | Statement, values?: ExecuteValues): Promise<never> {
    return ran(this.#borrower, () => this.#single('execute', statement, values))
  }

  async #single(how: How, statement: string | Statement, values: unknown): Promise<never> {
    const { connections } = this.#options
    refuseControl(connections.key, textOf(statement))
    const result: Result = await single({
      connections,
      borrower: this.#borrower,
      isIdempotent: typeof statement === 'object' && statement.idempotent === true,
      send: (session) => session.send(how, statement, values),
    })
    return result as never
  }

  transaction<T>(run: (tx: Transaction) => T | Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { connections } = this.#options
    const work = {
      connections,
      borrower: this.#borrower,
      dialect,
      handle: (statements: Statements<Session>): Transaction => new OpenTransaction(connections.key, statements),
      run,
      options,
    }
    return ran(this.#borrower, () => transaction(work))
  }

  get pool(): Pool {
    this.#pool ??= poolOf({ ...this.#options, borrower: this.#borrower })
    return this.#pool
  }
  get health(): Health {
    return this.#options.connections.health
  }
  end(): void {
    this.#options.connections.end()
  }
}
