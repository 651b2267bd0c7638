import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import type { Address } from './address.ts'
import { type Certificate, testAuthority } from './authority.ts'
import { account, makeFolder } from './folder.ts'
import { freePort } from './port.ts'
import { program } from './program.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

const run = promisify(execFile)

export interface MariaDbOptions {
  /** Passwords by user; each may do everything in the database `app`. Default `{ app: 'app-password' }`. */
  users?: Record<string, string>
  /** Whether clients must speak TLS. Default true. */
  tls?: boolean
  /** Default: one for `localhost` and `127.0.0.1`, by the authority `ca`. */
  certificate?: Certificate
  /** More options of mariadbd. */
  settings?: Record<string, string | number>
}

export interface MariaDb extends ServerProcess, Address {
  /** As superuser, over a connection of its own, also while the server is read-only. */
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  setPassword(user: string, password: string): Promise<void>
  /** As after a failover to a replica: writes fail with 1290 (ER_OPTION_PREVENTS_STATEMENT). */
  setReadOnly(readOnly: boolean): Promise<void>
  /** How many sessions clients have open; of one user if named. */
  sessions(user?: string): Promise<number>
  /** Ends the sessions of a user as an administrator does, and gives their number. */
  terminate(user?: string): Promise<number>
}

export async function startMariaDb(options: MariaDbOptions = {}): Promise<MariaDb> {
  const { users = { app: 'app-password' }, tls = true } = options
  const command = program('mariadbd', 'mariadb-server')
  const install = program('mariadb-install-db', 'mariadb-server')
  const authority = await testAuthority()
  const { key, cert } = options.certificate ?? (await authority.issue())
  const folder = await makeFolder('mariadb')
  const socketPath = join(folder.path, 'socket')
  const datadir = join(folder.path, 'data')
  const port = await freePort()
  const passwords = new Map(Object.entries(users))
  const encrypted = {
    'ssl-key': await folder.write('key', key),
    'ssl-cert': await folder.write('cert', cert),
    'require-secure-transport': 'ON',
  }
  const settings = {
    datadir,
    // Elsewhere its temporary tables would meet those of another server: they are named by process ids.
    tmpdir: folder.path,
    socket: socketPath,
    port,
    'pid-file': join(folder.path, 'pid'),
    'bind-address': '127.0.0.1',
    'skip-name-resolve': 'ON',
    // Handshakes that tests break off would shut out this address after a hundred.
    'max-connect-errors': 1_000_000,
    // A killed process loses nothing by this: only a machine that loses its power does.
    'innodb-flush-log-at-trx-commit': 2,
    'innodb-buffer-pool-size': '16M',
    ...(tls && encrypted),
    ...options.settings,
  }
  const process = serverProcess({
    name: 'MariaDB',
    folder,
    command,
    args: ['--no-defaults', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
    stopSignal: 'SIGTERM',
    quitSignal: 'SIGKILL',
    ready: () => query('select 1'),
  })

  /** Over the server's socket file, which only those who may read the folder can reach. */
  async function query(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const connection = await mysql.createConnection({ socketPath, user: 'root', connectTimeout: 5_000 })
    try {
      await connection.query('create database if not exists app')
      await connection.query('use app')
      const [rows] = await connection.query<RowDataPacket[]>(sql, values)
      return Array.isArray(rows) ? rows : []
    } finally {
      await connection.end()
    }
  }

  const sessions = async (user?: string) => {
    const ours = `user not in ('root', 'system user', 'event_scheduler', 'unauthenticated user')`
    const sql = `select id from information_schema.processlist where ${ours} and (? is null or user = ?)`
    return (await query(sql, [user ?? null, user ?? null])).map(({ id }) => Number(id))
  }

  try {
    const quick = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve']
    await run(install, ['--no-defaults', `--datadir=${datadir}`, `--tmpdir=${folder.path}`, ...quick], {
      ...account,
      cwd: folder.path,
    })
    await process.start()
    for (const [user, password] of passwords) {
      await query('create user ?@? identified by ?', [user, '%', password])
      await query('grant all on app.* to ?@?', [user, '%'])
    }
  } catch (error) {
    await process.close()
    throw error
  }
  const [user = '', password = ''] = Object.entries(users)[0] ?? []
  return {
    ...process,
    protocol: 'mysql',
    host: '127.0.0.1',
    port,
    ca: authority.ca,
    user,
    password,
    database: 'app',
    passwords,
    query,
    async setPassword(user, password) {
      await query('alter user ?@? identified by ?', [user, '%', password])
      passwords.set(user, password)
    },
    setReadOnly: async (readOnly) => void (await query(`set global read_only = ${readOnly ? 'on' : 'off'}`)),
    sessions: async (user) => (await sessions(user)).length,
    async terminate(user) {
      const ids = await sessions(user)
      for (const id of ids) await query('kill connection ?', [id])
      while ((await sessions(user)).some((id) => ids.includes(id))) await sleep(5)
      return ids.length
    },
  }
}
