import type { CustomTypesConfig, Pool, QueryArrayResult, QueryResult, QueryResultRow } from 'pg'
import type { Connections } from '../connections.ts'
import { TransactionError } from '../errors.ts'
import type { Health } from '../health.ts'
import { Borrower, ran } from '../lease.ts'
import { single } from '../single.ts'
import { type Statements, type TransactionOptions, transaction } from '../transaction.ts'
import { type LentClient, textOf } from './client.ts'
import { controlsTransaction } from './controls.ts'
import { dialect } from './dialect.ts'
import type { Pg } from './pg.ts'
import { poolOf } from './pool.ts'

/** pg's own form of a statement, and what may be said of it. */
export interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
  /** Makes it a prepared statement, which pins the session of an RDS Proxy: left out unless `pinning` is `allow`. */
  readonly name?: string
  readonly types?: CustomTypesConfig
  /** It may take effect twice: it is sent again when its connection is lost. Never in a transaction, which is run again as a whole. */
  readonly idempotent?: boolean
}
export interface ArrayStatement extends Statement {
  readonly rowMode: 'array'
}

/** pg's own `query`, its forms and its results, by promise. */
export interface Queries {
  /** Rows as arrays. */
  query<Row extends unknown[] = unknown[]>(
    statement: ArrayStatement,
    values?: readonly unknown[],
  ): Promise<QueryArrayResult<Row>>
  /**
   * @example const { rows } = await db.query<{ id: number }>('insert into orders (sku) values ($1) returning id', [sku])
   * @throws what pg throws, unchanged; ConnectionLostError, FailoverError and other RdsErrors, which say what to do
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    statement: string | Statement,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
}

/** A transaction, while its function runs. */
export interface Transaction extends Queries {}

/** PostgreSQL, as an invocation has it. */
export interface Postgres extends Queries {
  /**
   * Runs `run` between BEGIN and COMMIT on one connection, and rolls back what it throws. After a serialization failure,
   * a deadlock, or a connection that was lost before COMMIT was sent it is run again, while there is time.
   * @throws CommitUnknownError when the connection is lost after COMMIT was sent: it is not run again
   * @throws TransactionError when a statement had failed and `run` went on, so that the server rolled back
   */
  transaction<T>(run: (tx: Transaction) => T | Promise<T>, options?: TransactionOptions): Promise<T>
  /** pg's own pool, for Kysely, Drizzle and others. */
  readonly pool: Pool
  readonly health: Health
}

export class PostgresDatabase implements Postgres {
  readonly #pg: Pg
  readonly #connections: Connections<LentClient>
  readonly #borrower: Borrower<LentClient> | undefined
  #pool: Pool | undefined

  constructor(pg: Pg, connections: Connections<LentClient>, borrower?: Borrower<LentClient>) {
    this.#pg = pg
    this.#connections = connections
    this.#borrower = borrower
  }

  /** What an invocation has: its connections end with it. */
  of(invocation: ConstructorParameters<typeof Borrower>[1]): PostgresDatabase {
    const connections = this.#connections
    return new PostgresDatabase(this.#pg, connections, new Borrower(connections.key, invocation))
  }

  query(statement: string | Statement, values?: readonly unknown[]): Promise<never> {
    return ran(this.#borrower, () => this.#single(statement, values))
  }

  async #single(statement: string | Statement, values: readonly unknown[] | undefined): Promise<never> {
    const { key } = this.#connections
    if (controlsTransaction(textOf(statement)))
      throw new TransactionError(
        key,
        'BEGIN, COMMIT and ROLLBACK are no queries, since the next query may have another connection: use transaction()',
      )
    const result = await single({
      connections: this.#connections,
      borrower: this.#borrower,
      isIdempotent: typeof statement === 'object' && statement.idempotent === true,
      send: (client) => client.send(statement, values),
    })
    return result as never
  }

  transaction<T>(run: (tx: Transaction) => T | Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const work = {
      connections: this.#connections,
      borrower: this.#borrower,
      dialect,
      handle: (statements: Statements<LentClient>): Transaction =>
        new OpenTransaction(this.#connections.key, statements),
      run,
      options,
    }
    return ran(this.#borrower, () => transaction(work))
  }

  get pool(): Pool {
    this.#pool ??= poolOf(this.#pg, { connections: this.#connections, borrower: this.#borrower })
    return this.#pool
  }
  get health(): Health {
    return this.#connections.health
  }
  end(): void {
    this.#connections.end()
  }
}

class OpenTransaction implements Transaction {
  readonly #key: string
  readonly #statements: Statements<LentClient>
  constructor(key: string, statements: Statements<LentClient>) {
    this.#key = key
    this.#statements = statements
  }
  async query(statement: string | Statement, values?: readonly unknown[]): Promise<never> {
    if (controlsTransaction(textOf(statement)))
      throw new TransactionError(
        this.#key,
        'transaction() begins and ends the transaction: throw to have it rolled back, and use a savepoint within it',
      )
    return (await this.#statements.send((client) => client.send(statement, values))) as never
  }
}
