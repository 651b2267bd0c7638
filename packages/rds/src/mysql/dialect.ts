import type { Dialect } from '../transaction.ts'
import type { Session } from './session.ts'

export const dialect: Dialect<Session> = {
  begin: (session, options) => session.begin(options),
  async commit(session) {
    // Where something had ended it already, there is nothing that COMMIT could keep together.
    const wasOpen = session.inTransaction
    await session.send('query', 'commit')
    return wasOpen
  },
  rollback: (session) => session.send('query', 'rollback'),
}
