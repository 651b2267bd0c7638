import type { Dialect, TransactionOptions } from '../transaction.ts'
import type { LentClient } from './client.ts'

export const dialect: Dialect<LentClient> = {
  begin: (client, options) => client.send(beginOf(options)),
  commit: async (client) => (await client.send('commit')).command === 'COMMIT',
  rollback: (client) => client.send('rollback'),
}

/** In one statement: a SET of its own would be another round trip. */
const beginOf = ({ isolation, readOnly }: TransactionOptions) =>
  ['begin', isolation && `isolation level ${isolation}`, readOnly && 'read only'].filter(Boolean).join(' ')
