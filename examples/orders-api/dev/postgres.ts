import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { binaries } from './binaries.ts'

export interface Postgres {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** The server's certificate, in PEM: its own authority. */
  readonly ca: string
  stop(): Promise<void>
}

/** A PostgreSQL from npm, with TLS, that keeps its data in the system's temporary folder under this name. */
export const startPostgres = async (name: string): Promise<Postgres> => {
  const here = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 8)
  const folder = join(tmpdir(), `${name}-${here}`)
  const data = join(folder, 'data')
  const [host, user, password] = ['localhost', 'postgres', 'of this machine alone']
  await mkdir(folder, { recursive: true })
  await endFormer(data)
  const { bin, owner } = await binaries(folder)
  const write = async (file: string, text: string) => {
    await writeFile(file, text, { mode: 0o600 })
    if (owner) await chown(file, owner.uid, owner.gid)
  }

  if (!(await readFile(join(data, 'PG_VERSION')).catch(() => undefined))) {
    const passwordFile = join(folder, 'password')
    await write(passwordFile, password)
    const flags = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync']
    await promisify(execFile)(join(bin, 'initdb'), ['-D', data, '-U', user, ...flags], owner ?? {})
    await rm(passwordFile)
  }
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  })
  await write(join(data, 'server.crt'), cert)
  await write(join(data, 'server.key'), key)

  const port = await freePort()
  const settings = { port, listen_addresses: host, unix_socket_directories: '', ssl: 'on', max_connections: 200 }
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags], {
    ...owner,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await ready(server)
  return {
    ...{ host, port, user, password, ca: cert },
    // A fast shutdown: whoever is connected is let go.
    stop: async () => {
      if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit')
    },
  }
}

const ready = (server: ChildProcess) =>
  new Promise<void>((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk) => {
      said += chunk
      if (said.includes('ready to accept connections')) resolve()
      said = said.slice(-10_000)
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)))
  })

/** One that was left behind, since what had started it was killed. */
const endFormer = async (data: string) => {
  const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  try {
    process.kill(pid, 'SIGINT')
    for (;;) {
      process.kill(pid, 0)
      await new Promise((later) => setTimeout(later, 20))
    }
  } catch {
    // There is none.
  }
}

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
