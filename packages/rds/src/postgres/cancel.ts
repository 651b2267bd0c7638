import type { ConnectionOptions } from 'node:tls'
import type { Pg } from './pg.ts'

/** What of pg's client its types do not tell, and its own pool uses as well. */
export interface Within {
  readonly connection: { readonly stream: { readonly destroyed: boolean; destroy(): void } }
  readonly _queryQueue: unknown[]
  readonly connectionParameters: { options: string | undefined }
  readonly _activeQuery: unknown
  readonly processID: number | null
  readonly secretKey: unknown
  readonly host: string
  readonly port: number
  readonly ssl: ConnectionOptions | false
}

/** pg's connection, of which the types tell little. */
interface RawConnection {
  readonly stream: { destroy(): void }
  on(event: string, listener: () => void): void
  connect(port: number, host: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: unknown): void
}

/**
 * Asks the server to cancel what it does for a connection, before that is closed: it would not notice until it has an
 * answer to send, and a statement that waits for a lock would take effect then. PostgreSQL and PgBouncer do, RDS Proxy
 * does not. Resolves when it was asked, or there is no time left.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export const cancel = (pg: Pg, { processID, secretKey, host, port, ssl }: Within): Promise<void> =>
  new Promise((resolve) => {
    const connection = new pg.Connection({ ssl }) as unknown as RawConnection
    const ask = () => connection.cancel(processID as number, secretKey)
    const done = () => {
      clearTimeout(timer)
      connection.stream.destroy()
      resolve()
    }
    const timer = setTimeout(done, patience)
    connection.on('error', done)
    connection.on('connect', () => (ssl ? connection.requestSsl() : ask()))
    connection.on('sslconnect', ask)
    // The server closes it when it has done as it was asked.
    connection.on('end', done)
    connection.connect(port, host)
  })
/** ms that it may take: less than there are between the deadline and the answer. */
const patience = 150
