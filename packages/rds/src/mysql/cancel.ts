import type { Session } from './session.ts'

/**
 * Has the server end what it does for a connection that is gone: it would not notice before it has an answer to send, and
 * a statement that waits for a lock would take effect then. Behind a proxy the number may be another's connection, so one
 * is ended only where it runs this very statement: through an RDS Proxy that is none.
 */
export const cancel = async (session: Session, threadId: number, text: string): Promise<void> => {
  const [sessions] = await session.send('query', 'show full processlist')
  // The server has taken off what stands around it.
  const statement = text.trim().replace(/[;\s]+$/, '')
  const isSame = ({ Id, Info }: { Id: number; Info: string | null }) => Number(Id) === threadId && Info === statement
  if ((sessions as Parameters<typeof isSame>[0][]).some(isSame)) await session.send('query', 'kill ?', [threadId])
}
