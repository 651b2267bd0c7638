import { backoff } from './backoff.ts'
import type { Connections } from './connections.ts'
import { CommitUnknownError, TransactionError } from './errors.ts'
import { pause } from './in-time.ts'
import { type Borrower, hadNoEffect, type Lease } from './lease.ts'
import { inside } from './nested.ts'

/** The isolation levels of SQL. */
export type Isolation = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable'

export interface TransactionOptions {
  /** The database's own by default. */
  readonly isolation?: Isolation
  readonly readOnly?: boolean
  /** How often it is run again after a conflict, or when it was surely rolled back with its connection; 3 by default. */
  readonly retries?: number
}

/** How a driver begins and ends a transaction: each sends one statement, and rejects with what the driver threw. */
export interface Dialect<Client> {
  begin(client: Client, options: TransactionOptions): Promise<unknown>
  /** Resolves to whether it was committed: a server may answer COMMIT by rolling back. */
  commit(client: Client): Promise<boolean>
  rollback(client: Client): Promise<unknown>
}

export interface Work<Client extends object, Tx, T> {
  readonly connections: Connections<Client>
  readonly borrower: Borrower<Client> | undefined
  readonly dialect: Dialect<Client>
  /** What the user's function is given. */
  handle(statements: Statements<Client>): Tx
  run(tx: Tx): T | Promise<T>
  readonly options: TransactionOptions
}

/**
 * Begins, runs, commits; or rolls back, and throws what was thrown.
 * @throws CommitUnknownError where nobody knows whether it was committed: it is not run again
 */
export const transaction = async <Client extends object, Tx, T>(work: Work<Client, Tx, T>): Promise<T> => {
  const { connections, borrower, options } = work
  const { retries = 3 } = options
  for (let attempt = 0; ; attempt++) {
    const lease = await connections.acquire(borrower)
    lease.isReadOnly = options.readOnly === true
    const statements = new Statements(lease, connections.key)
    try {
      return await once(work, lease, statements)
    } catch (error) {
      const { failure } = lease
      if (statements.isInDoubt || lease.taken || !failure || !hadNoEffect(failure.kind) || attempt >= retries)
        throw error
    } finally {
      lease.release()
    }
    connections.counters.retried++
    const signal = borrower?.signal
    await pause(backoff(lease.failure?.kind, attempt), signal)
    signal?.throwIfAborted()
  }
}

const once = async <Client extends object, Tx, T>(
  { connections, dialect, handle, run, options }: Work<Client, Tx, T>,
  lease: Lease<Client>,
  statements: Statements<Client>,
): Promise<T> => {
  const { client } = lease
  const { key } = connections
  try {
    await statements.send(() => dialect.begin(client, options))
    const result = await inside(connections, async () => await run(handle(statements)))
    await statements.close()
    if (!(await statements.commit(() => dialect.commit(client))))
      throw new TransactionError(
        key,
        'the transaction was rolled back, since a statement in it had failed and the error was caught: do not catch it ' +
          'within transaction(), or use a savepoint',
        { cause: lease.failure?.error },
      )
    return result
  } catch (error) {
    await statements.close()
    if (!lease.isLost && !lease.isOver && !statements.isInDoubt)
      // Where this fails the connection is not lent again, and the server rolls back.
      await dialect.rollback(client).catch(() => lease.release(true))
    throw error
  }
}

/** The statements of a transaction, sent one after another. */
export class Statements<Client extends object> {
  readonly #lease: Lease<Client>
  readonly #key: string
  #last: Promise<unknown> = Promise.resolve()
  #isOver = false
  /** Whether COMMIT was sent, and neither done nor refused. */
  isInDoubt = false

  constructor(lease: Lease<Client>, key: string) {
    this.#lease = lease
    this.#key = key
  }

  send<T>(statement: (client: Client) => Promise<T>): Promise<T> {
    if (this.#isOver)
      return Promise.reject(
        new TransactionError(
          this.#key,
          'the transaction is over: await every query within the function that transaction() is given',
        ),
      )
    return this.#next(() => this.#run(() => statement(this.#lease.client), false))
  }

  async commit(statement: () => Promise<boolean>): Promise<boolean> {
    this.isInDoubt = true
    try {
      const isCommitted = await this.#run(statement, true)
      this.isInDoubt = false
      return isCommitted
    } catch (error) {
      this.isInDoubt = error instanceof CommitUnknownError
      throw error
    }
  }

  /** Nothing more is taken, and what was begun is waited for. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#last
  }

  #next<T>(send: () => Promise<T>): Promise<T> {
    const sent = this.#last.then(send)
    this.#last = sent.catch(() => {})
    return sent
  }

  async #run<T>(statement: () => Promise<T>, isCommit: boolean): Promise<T> {
    const { failure, isLost, taken } = this.#lease
    if (taken) throw taken.reason
    // After a conflict some databases have rolled back, and would take what follows for statements of their own.
    if (failure && hadNoEffect(failure.kind)) throw this.#lease.failed(failure.error, false)
    // Not COMMIT either, of which there is no doubt then.
    if (isLost) throw this.#lease.failed(new Error('the connection was lost between two statements'), false)
    try {
      return await statement()
    } catch (error) {
      throw this.#lease.failed(error, isCommit)
    }
  }
}
