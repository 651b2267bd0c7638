import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Address } from './address.ts'
import { type Certificate, testAuthority } from './authority.ts'
import { account, makeFolder } from './folder.ts'
import { freePort } from './port.ts'
import { program } from './program.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

const run = promisify(execFile)
const superuser = 'postgres'
const superPassword = 'of the superuser'

export interface PostgresOptions {
  /** Passwords by user; each may do everything in the database `app`. Default `{ app: 'app-password' }`. */
  users?: Record<string, string>
  /** Whether clients must speak TLS. Default true. */
  tls?: boolean
  /** Default: one for `localhost` and `127.0.0.1`, by the authority `ca`. */
  certificate?: Certificate
  /** More settings of postgresql.conf. */
  settings?: Record<string, string | number>
}

export interface Postgres extends ServerProcess, Address {
  /** As superuser, over a connection of its own, also while the server is read-only. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>
  setPassword(user: string, password: string): Promise<void>
  /** As after a failover to a replica: writes fail with 25006, on sessions that are open too. */
  setReadOnly(readOnly: boolean): Promise<void>
  /** How many sessions clients have open; of one user if named. */
  sessions(user?: string): Promise<number>
  /** Ends the sessions of a user as an administrator does (57P01), and gives their number. */
  terminate(user?: string): Promise<number>
}

export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { users = { app: 'app-password' }, tls = true, settings = {} } = options
  const postgres = program('postgres', 'postgresql')
  const initdb = program('initdb', 'postgresql')
  const authority = await testAuthority()
  const { key, cert } = options.certificate ?? (await authority.issue())
  const folder = await makeFolder('postgres')
  const port = await freePort()
  const passwords = new Map(Object.entries(users))
  const data = join(folder.path, 'data')

  const all: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder.path,
    max_connections: 200,
    // A killed process loses nothing by this: only a machine that loses its power does.
    fsync: 'off',
    // No file in /dev/shm, which a killed server would leave there.
    dynamic_shared_memory_type: 'mmap',
    hba_file: await folder.write('hba', hba(tls)),
    ssl: tls ? 'on' : 'off',
    ssl_key_file: await folder.write('key', key),
    ssl_cert_file: await folder.write('cert', cert),
    ...settings,
  }
  const process = serverProcess({
    name: 'PostgreSQL',
    folder,
    command: postgres,
    args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    stopSignal: 'SIGINT',
    quitSignal: 'SIGQUIT',
    ready: () => query('select 1'),
  })

  /** Over the server's socket file, which needs no certificate. */
  async function query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[], session = writable) {
    const client = new pg.Client({
      host: folder.path,
      port,
      user: superuser,
      password: superPassword,
      database: database.current,
      options: session,
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query<Row>(sql, values)).rows
    } finally {
      await client.end()
    }
  }
  const database = { current: 'postgres' }

  const others = `backend_type = 'client backend' and pid <> pg_backend_pid() and ($1::text is null or usename = $1)`
  const started: Omit<Postgres, keyof Address | keyof ServerProcess> = {
    query: (sql, values) => query(sql, values),
    async setPassword(user, password) {
      await query(`alter role ${name(user)} password ${text(password)}`)
      passwords.set(user, password)
    },
    async setReadOnly(readOnly) {
      const setting = readOnly ? 'on' : 'off'
      await query(`alter system set default_transaction_read_only = ${setting}`)
      await query('select pg_reload_conf()')
      // When new sessions have the setting, all others have been told.
      const now = () => query<{ now: string }>(`select current_setting('transaction_read_only') as now`, [], '')
      while ((await now())[0]?.now !== setting) await sleep(5)
    },
    async sessions(user) {
      const sql = `select count(*)::int as count from pg_stat_activity where ${others}`
      return (await query<{ count: number }>(sql, [user]))[0]!.count
    },
    async terminate(user) {
      const sql = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where ${others}`
      return (await query(sql, [user])).length
    },
  }

  try {
    const password = await folder.write('password', superPassword)
    const make = ['-D', data, '-U', superuser, `--pwfile=${password}`, '-A', 'scram-sha-256', '-E', 'UTF8']
    await run(initdb, [...make, '--no-locale', '--no-sync', '--no-instructions'], { ...account, cwd: folder.path })
    await process.start()
    await query('create database app')
    database.current = 'app'
    for (const [user, secret] of passwords)
      await query(`create role ${name(user)} login password ${text(secret)};
        grant all on database app to ${name(user)}; grant all on schema public to ${name(user)}`)
  } catch (error) {
    await process.close()
    throw error
  }
  const [user = '', password = ''] = Object.entries(users)[0] ?? []
  const address = { protocol: 'postgres' as const, host: '127.0.0.1', port, ca: authority.ca, passwords }
  return { ...process, ...started, ...address, user, password, database: 'app' }
}

const writable = '-c default_transaction_read_only=off'

const hba = (tls: boolean) =>
  ['local all all scram-sha-256', `${tls ? 'hostssl' : 'host'} all all 127.0.0.1/32 scram-sha-256`, ''].join('\n')

const name = (identifier: string) => pg.escapeIdentifier(identifier)
const text = (literal: string) => pg.escapeLiteral(literal)
