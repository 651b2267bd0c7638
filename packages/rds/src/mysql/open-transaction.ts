import type { QueryOptions, QueryResult } from 'mysql2'
import type { Statements } from '../transaction.ts'
import { committedByItself, refuseEnd } from './controls.ts'
import type { Transaction } from './database.ts'
import { type How, type Session, textOf } from './session.ts'

/** What the function of a transaction is given. */
export class OpenTransaction implements Transaction {
  readonly #key: string
  readonly #statements: Statements<Session>
  constructor(key: string, statements: Statements<Session>) {
    this.#key = key
    this.#statements = statements
  }

  query<Result extends QueryResult>(statement: string | QueryOptions, values?: unknown): Promise<[Result, never]> {
    return this.#send('query', statement, values)
  }
  execute<Result extends QueryResult>(statement: string | QueryOptions, values?: unknown): Promise<[Result, never]> {
    return this.#send('execute', statement, values)
  }

  async #send(how: How, statement: string | QueryOptions, values: unknown): Promise<never> {
    refuseEnd(this.#key, textOf(statement))
    return this.#statements.send(async (session) => {
      // What was committed by itself would have the rest committed one by one.
      if (!session.inTransaction) throw committedByItself(this.#key, 'was')
      const result = await session.send(how, statement, values)
      if (!session.inTransaction) throw committedByItself(this.#key, 'was')
      return result as never
    })
  }
}
