import { join } from 'node:path'
import { Redis as Client } from 'ioredis'
import type { Address } from './address.ts'
import { type Certificate, testAuthority } from './authority.ts'
import { makeFolder } from './folder.ts'
import { freePort } from './port.ts'
import { program } from './program.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

export interface RedisOptions {
  /** Passwords by user. Default `{ default: 'redis-password' }`: the user that is meant when none is named. */
  users?: Record<string, string>
  /** Whether clients must speak TLS. Default true. */
  tls?: boolean
  /** Default: one for `localhost` and `127.0.0.1`, by the authority `ca`. */
  certificate?: Certificate
}

export interface Redis extends ServerProcess, Address {
  /** As administrator, over a connection of its own. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>
  setPassword(user: string, password: string): Promise<void>
  /** As after a failover to a replica: writes fail with READONLY. */
  setReadOnly(readOnly: boolean): Promise<void>
  /** How many connections clients have open; of one user if named. */
  sessions(user?: string): Promise<number>
  /** Closes the connections of a user, and gives their number. */
  terminate(user?: string): Promise<number>
}

const administrator = 'administrator'

export async function startRedis(options: RedisOptions = {}): Promise<Redis> {
  const { users = { default: 'redis-password' }, tls = true } = options
  const server = program('redis-server', 'redis-server')
  const authority = await testAuthority()
  const { key, cert } = options.certificate ?? (await authority.issue())
  const folder = await makeFolder('redis')
  const port = await freePort()
  const passwords = new Map(Object.entries(users))
  const socket = join(folder.path, 'socket')
  const allowed = 'allkeys allchannels allcommands'

  const lines = [
    'bind 127.0.0.1',
    `dir ${folder.path}`,
    `unixsocket ${socket}`,
    ...(tls ? ['port 0', `tls-port ${port}`] : [`port ${port}`]),
    `tls-key-file ${await folder.write('key', key)}`,
    `tls-cert-file ${await folder.write('cert', cert)}`,
    `tls-ca-cert-file ${await folder.write('ca', authority.ca)}`,
    'tls-auth-clients no',
    // What is acknowledged has been given to the operating system: a killed process loses nothing.
    'appendonly yes',
    'appendfsync no',
    'save ""',
  ]
  const acl = () => {
    const all = new Map([[administrator, administrator], ...passwords])
    const rules = [...all].map(([user, password]) => `user ${user} on ${allowed} >${password}`)
    return folder.write('acl', `${[...(all.has('default') ? [] : ['user default off']), ...rules].join('\n')}\n`)
  }
  lines.push(`aclfile ${await acl()}`)

  const process = serverProcess({
    name: 'Redis',
    folder,
    command: server,
    args: [await folder.write('redis.conf', `${lines.join('\n')}\n`)],
    stopSignal: 'SIGTERM',
    quitSignal: 'SIGKILL',
    ready: () => command('ping'),
  })

  /** Over the server's socket file. */
  async function command(name: string, ...args: (string | number)[]): Promise<unknown> {
    const client = new Client({
      path: socket,
      username: administrator,
      password: administrator,
      lazyConnect: true,
      retryStrategy: () => null,
    })
    client.on('error', () => {})
    try {
      await client.connect()
      return await client.call(name, ...args)
    } finally {
      client.disconnect()
    }
  }

  const sessions = async (user?: string) => {
    const list = String(await command('client', 'list')).split('\n')
    const users = list.map((line) => / user=(\S+)/.exec(line)?.[1]).filter((name) => name && name !== administrator)
    return users.filter((name) => user === undefined || name === user).length
  }

  try {
    await process.start()
  } catch (error) {
    await process.close()
    throw error
  }
  const [user = '', password = ''] = Object.entries(users)[0] ?? []
  return {
    ...process,
    protocol: 'redis',
    host: '127.0.0.1',
    port,
    ca: authority.ca,
    user,
    password,
    database: '0',
    passwords,
    command,
    async setPassword(user, password) {
      await command('acl', 'setuser', user, 'resetpass', `>${password}`)
      passwords.set(user, password)
      // For when it is started again.
      await acl()
    },
    // A replica of a server that does not exist keeps what it has.
    setReadOnly: async (readOnly) =>
      void (await command('replicaof', ...(readOnly ? ['127.0.0.1', '1'] : ['no', 'one']))),
    sessions,
    async terminate(user) {
      const which = user === undefined ? ['type', 'normal'] : ['user', user]
      return Number(await command('client', 'kill', ...which, 'skipme', 'yes'))
    },
  }
}
