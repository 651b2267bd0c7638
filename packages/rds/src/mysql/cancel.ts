import type { Session } from './session.ts'

/**
 * Has the server end what it does for a connection that is gone: it would not notice before it has an answer to send, and
 * a statement that waits for a lock would take effect then. Behind a proxy the number may be another's connection, so one
 * is ended only where it runs this very statement: through an RDS Proxy that is none.
 */
export const cancel = async (session: Session, threadId: number, text: string): Promise<void> => {
  const sql = 'select 1 from information_schema.processlist where id = ? and info = ?'
  // The server has taken off what stands around it.
  const [rows] = await session.send('query', sql, [threadId, text.trim().replace(/[;\s]+$/, '')])
  if ((rows as unknown[]).length > 0) await session.send('query', 'kill ?', [threadId])
}
