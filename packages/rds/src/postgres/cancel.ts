import type { ConnectionOptions } from 'node:tls'
import type { Pg } from './pg.ts'

/** What of pg's client its types do not tell, and its own pool uses as well. */
export interface Within {
  readonly connection: { readonly stream: { readonly destroyed: boolean; destroy(): void } }
  readonly connectionParameters: { options: string | undefined }
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
 * Asks the server to cancel what it does for a connection that is gone: it would not notice before it has an answer to
 * send, and a statement that waits for a lock would take effect then. PostgreSQL and PgBouncer do, RDS Proxy does not.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export const cancel = (pg: Pg, { processID, secretKey, host, port, ssl }: Within): void => {
  const connection = new pg.Connection({ ssl }) as unknown as RawConnection
  const ask = () => connection.cancel(processID as number, secretKey)
  connection.on('error', () => {})
  connection.on('connect', () => (ssl ? connection.requestSsl() : ask()))
  connection.on('sslconnect', ask)
  connection.connect(port, host)
  setTimeout(() => connection.stream.destroy(), patience).unref()
}
/** ms that it may take. */
const patience = 1_000
