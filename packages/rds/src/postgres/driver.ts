import type { ConnectionOptions } from 'node:tls'
import type { Driver } from '../driver.ts'
import type { ClientClass, LentClient } from './client.ts'
import { kindOf } from './kind.ts'

export interface PostgresDriverOptions {
  readonly Client: ClientClass
  /** `false` where there is none. */
  readonly tls: (() => ConnectionOptions) | false
  readonly applicationName: string | undefined
}

export const defaultPort = 5432

/** pg, as the pool needs it. */
export const postgresDriver = ({ Client, tls, applicationName }: PostgresDriverOptions): Driver<LentClient> => ({
  defaultPort,
  kindOf,
  async connect({ host, port, user, password, database }, signal, lost) {
    const client = new Client({
      host,
      port,
      user,
      password,
      database,
      ssl: tls ? tls() : false,
      keepAlive: true,
      fallback_application_name: applicationName,
    })
    // While nothing is sent on it as well: an error without a listener would end the process.
    client.on('error', lost)
    client.on('end', lost)
    const abort = () => client.destroy()
    signal.addEventListener('abort', abort)
    try {
      signal.throwIfAborted()
      await client.connect()
    } finally {
      signal.removeEventListener('abort', abort)
    }
    return client
  },
  ping: (client) => client.send('select 1'),
  reusable: (client) => client.isAtRest(),
  end(client) {
    client.end().catch(() => {})
    // Where nobody is at the other end, the goodbye would keep the socket.
    setTimeout(() => client.destroy(), 1_000).unref()
  },
  destroy: (client) => client.destroy(),
})
