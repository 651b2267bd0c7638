import pg from 'pg'
import type { Address } from './address.ts'
import { type Certificate, testAuthority } from './authority.ts'
import { makeFolder } from './folder.ts'
import { freePort } from './port.ts'
import type { Postgres } from './postgres.ts'
import { program } from './program.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

export interface PgBouncerOptions {
  /** It knows the users of this server, and speaks TLS to it. */
  to: Postgres
  /** Connections to the server for each user. Default 3. */
  poolSize?: number
  /** Seconds after which a silent client is thrown out: RDS Proxy's idle client timeout. Default: never. */
  clientIdleTimeout?: number
  /** Seconds that a statement waits for a connection to the server: RDS Proxy's borrow timeout. Default 120. */
  borrowTimeout?: number
  /** Default: one for `localhost` and `127.0.0.1`, by the authority `ca`. */
  certificate?: Certificate
}

/** A pool of connections shared by transactions, as RDS Proxy shares them: but it pins no session, it mixes them up. */
export interface PgBouncer extends ServerProcess, Address {
  /** Here and on the server. */
  setPassword(user: string, password: string): Promise<void>
  /** How many connections to the server are open. */
  serverConnections(): Promise<number>
  /** How many clients are connected. */
  clientConnections(): Promise<number>
}

const administrator = 'administrator of pgbouncer'

export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const { to, poolSize = 3, clientIdleTimeout = 0, borrowTimeout = 120 } = options
  const command = program('pgbouncer', 'pgbouncer')
  const authority = await testAuthority()
  const { key, cert } = options.certificate ?? (await authority.issue())
  const folder = await makeFolder('pgbouncer')
  const port = await freePort()
  const writeUsers = () => {
    const users = [...to.passwords, [administrator, administrator]]
    return folder.write('users', users.map((pair) => pair.map((text) => JSON.stringify(text)).join(' ')).join('\n'))
  }

  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: await writeUsers(),
    admin_users: administrator,
    pool_mode: 'transaction',
    default_pool_size: poolSize,
    max_client_conn: 1_000,
    client_idle_timeout: clientIdleTimeout,
    query_wait_timeout: borrowTimeout,
    // A server that was away is tried again at once, and not after 15 s.
    server_login_retry: 0.05,
    client_tls_sslmode: 'require',
    client_tls_key_file: await folder.write('key', key),
    client_tls_cert_file: await folder.write('cert', cert),
    server_tls_sslmode: 'verify-full',
    server_tls_ca_file: await folder.write('ca', to.ca),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  const databases = `[databases]\n* = host=${to.host} port=${to.port}`
  const process = serverProcess({
    name: 'PgBouncer',
    folder,
    command,
    args: [await folder.write('pgbouncer.ini', `${databases}\n[pgbouncer]\n${lines.join('\n')}\n`)],
    stopSignal: 'SIGTERM',
    quitSignal: 'SIGTERM',
    ready: () => console('show version'),
  })

  async function console(command: string): Promise<Record<string, unknown>[]> {
    const address = { host: '127.0.0.1', port, user: administrator, password: administrator, database: 'pgbouncer' }
    const client = new pg.Client({ ...address, ssl: { rejectUnauthorized: false }, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query(command)).rows
    } finally {
      await client.end()
    }
  }

  try {
    await process.start()
  } catch (error) {
    await process.close()
    throw error
  }
  return {
    ...process,
    protocol: 'postgres',
    host: '127.0.0.1',
    port,
    ca: authority.ca,
    user: to.user,
    password: to.password,
    database: to.database,
    passwords: to.passwords,
    async setPassword(user, password) {
      await to.setPassword(user, password)
      await writeUsers()
      await console('reload')
    },
    serverConnections: async () => (await console('show servers')).length,
    clientConnections: async () => (await console('show clients')).filter(({ user }) => user !== administrator).length,
  }
}
