import type { Socket } from 'node:net'
import { authorities, settledWithin } from '@fnware/core/extend'
import type { ConnectionOptions, SslOptions } from 'mysql2'
import type { Driver, Login } from '../driver.ts'
import type { Pinning } from '../pinning.ts'
import type { Shown } from '../shown.ts'
import type { Tls } from '../tls.ts'
import { cancel } from './cancel.ts'
import { kindOf } from './kind.ts'
import type { MySql2 } from './mysql2.ts'
import type { DriverOptions } from './options.ts'
import { destroy, Session, type SessionOptions } from './session.ts'

export interface MySqlDriverOptions {
  readonly mysql2: MySql2
  readonly tls: Tls
  /** Whether the server may ask for the password as it is: an IAM token. */
  readonly cleartext: boolean
  readonly pinning: Pinning
  readonly driver: DriverOptions
  readonly applicationName: string | undefined
  readonly shown: Shown
}

export const defaultPort = 3306

/** mysql2, as the pool needs it. */
export const mysqlDriver = (options: MySqlDriverOptions): Driver<Session> => {
  const { mysql2, tls, cleartext, pinning, driver, applicationName, shown } = options
  const ssl = tls && sslOf(tls)
  const optionsOf = ({ host, port, user, password, database }: Login, stream: Socket): ConnectionOptions => ({
    ...driver,
    // It stands for the name that the certificate must have: the socket is there already.
    host: (tls ? tls.servername : undefined) ?? host,
    port,
    user,
    password,
    ...(database !== undefined && { database }),
    stream,
    ...(ssl && { ssl: ssl() }),
    enableCleartextPlugin: cleartext,
    ...(applicationName !== undefined && { connectAttributes: { program_name: applicationName } }),
    // The pool has one of its own, that ends with the invocation.
    connectTimeout: 0,
  })

  const open = async (login: Login, signal: AbortSignal, told: Pick<SessionOptions, 'lost' | 'cut'>) => {
    signal.throwIfAborted()
    const socket = process.getBuiltinModule('node:net').connect(login.port, login.host)
    socket.setNoDelay(true)
    socket.setKeepAlive(true)
    const connection = mysql2.createConnection(optionsOf(login, socket))
    const abort = () => destroy(connection, socket)
    signal.addEventListener('abort', abort)
    // One that comes when nobody asks any more would end the process.
    connection.on('error', () => {})
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject)
        connection.once('connect', resolve)
      })
    } catch (error) {
      destroy(connection, socket)
      throw withCode(error, connection)
    } finally {
      signal.removeEventListener('abort', abort)
    }
    delete connection.config.password
    const { host, port, user, database } = login
    return new Session(connection, socket, { pinning, shown, target: { host, port, user, database }, ...told })
  }

  const connect = (login: Login, signal: AbortSignal, lost: () => void): Promise<Session> => {
    const cut = async (threadId: number, text: string) => {
      const late = AbortSignal.timeout(patience)
      const session = await open(login, late, { lost() {}, cut: async () => {} })
      late.addEventListener('abort', () => void session.destroy())
      await cancel(session, threadId, text).finally(() => end(session))
    }
    // Where it cannot, the server ends the statement as it would have.
    return open(login, signal, { lost, cut: async (...it) => void (await settledWithin(cut(...it), holding)) })
  }

  return {
    defaultPort,
    kindOf,
    connect,
    ping: (session) => session.ping(),
    reusable: (session) => session.isAtRest,
    end,
    destroy: (session) => session.destroy(),
  }
}

const end = (session: Session): void => {
  session.connection.end(() => {})
  // Where nobody is at the other end, the goodbye would keep the socket.
  setTimeout(() => void session.destroy(), patience).unref()
}
/** ms */
const patience = 1_000
/** ms that an invocation's end waits for a statement to be ended: less than there are between the deadline and the answer. */
const holding = 150

/** One for all connections, since the driver keeps what it has made of it: the certificates that it has read, and TLS sessions. */
const sslOf = (tls: Exclude<Tls, false>): (() => SslOptions) => {
  let made: SslOptions | undefined
  return () => {
    made ??= { rejectUnauthorized: true, verifyIdentity: true, ...(tls.ca && { ca: authorities(tls.ca) }) }
    return made
  }
}

/** The driver puts one code in the place of all that TLS may have to say. */
const withCode = (error: unknown, connection: object): unknown => {
  const it = error as { code?: unknown; errno?: unknown; message: string }
  if (it.code !== 'HANDSHAKE_SSL_ERROR') return error
  const { authorizationError } = (connection as { stream: { authorizationError?: unknown } }).stream
  if (typeof authorizationError === 'string') it.code = authorizationError
  else if (typeof it.errno === 'number' || /before secure TLS connection/.test(it.message)) it.code = 'ECONNRESET'
  return error
}
