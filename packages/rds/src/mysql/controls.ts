import { TransactionError } from '../errors.ts'

/** A query's connection is its own, so it can begin and end no transaction. */
export const refuseControl = (key: string, text: string): void => {
  if (controls.test(text))
    throw new TransactionError(
      key,
      'BEGIN, COMMIT and ROLLBACK are no queries, since the next query may have another connection: use transaction()',
    )
}

/** What would end a transaction that transaction() has begun. */
export const refuseEnd = (key: string, text: string): void => {
  if (controls.test(text))
    throw new TransactionError(
      key,
      'transaction() begins and ends the transaction: throw to have it rolled back, and use a savepoint within it',
    )
  if (definitions.test(text)) throw committedByItself(key, 'would be')
}

export const committedByItself = (key: string, when: 'would be' | 'was'): TransactionError =>
  new TransactionError(
    key,
    `the transaction ${when} committed before its end: MySQL does that at statements such as CREATE, ALTER, DROP and ` +
      'TRUNCATE, also in a procedure that is called. Run them outside of transaction()',
  )

const controls =
  /^\s*(?:begin\b(?!\s+not\s+atomic)|start\s+transaction\b|commit\b|rollback\b(?!\s+(?:work\s+)?to\b)|xa\s|set\s+(?:(?:session|local)\s+|@@(?:session\.|local\.)?)?autocommit\b)/i

/** @see https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html */
const definitions =
  /^\s*(?:(?:create|drop)\s+(?!temporary\b)|(?:alter|rename|truncate|grant|revoke|lock|unlock|analyze|optimize|repair|flush|install|uninstall)\s)/i
