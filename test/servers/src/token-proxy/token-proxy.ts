import { createServer, type Socket } from 'node:net'
import { type Duplex, pipeline, Transform } from 'node:stream'
import { createSecureContext } from 'node:tls'
import type { Address } from '../address.ts'
import { type Certificate, testAuthority } from '../authority.ts'
import { freePort } from '../port.ts'
import type { Gatekeeper } from './login.ts'
import { mysqlLogin } from './mysql-login.ts'
import { postgresLogin } from './postgres-login.ts'
import { redisLogin } from './redis-login.ts'
import { until } from './wire.ts'

export interface TokenProxyOptions {
  /** The server that clients are let through to; it must speak TLS. */
  to: Address
  /** True lets a client in; false, or a sentence that says why, does not. */
  verify: (token: string, user: string) => boolean | string | Promise<boolean | string>
  /** Default: one for `localhost` and `127.0.0.1`, by the authority `ca`. */
  certificate?: Certificate
}

/** Stands in for the IAM authentication of RDS, RDS Proxy and ElastiCache: it takes tokens, over TLS, for passwords. */
export interface TokenProxy extends Omit<Address, 'password' | 'passwords'> {
  /** How many clients are connected now. */
  connections(): number
  /** How many clients were let through since the start. */
  admitted(): number
  /** Why clients were not let through, in order. */
  refusals(): string[]
  /** Cuts all connections. */
  dropAll(): void
  /** Holds every byte back, in both directions, and answers no new client. */
  stall(): void
  /** Lets go what was held back. */
  resume(): void
  close(): Promise<void>
}

const logins = { mysql: mysqlLogin, postgres: postgresLogin, redis: redisLogin }

export async function startTokenProxy(options: TokenProxyOptions): Promise<TokenProxy> {
  const { to, verify } = options
  const authority = await testAuthority()
  const secureContext = createSecureContext(options.certificate ?? (await authority.issue()))
  const login = logins[to.protocol]
  const connections = new Set<Duplex[]>()
  const refusals: string[] = []
  let admitted = 0
  let flow = Promise.withResolvers<void>()
  flow.resolve()

  async function serve(raw: Socket): Promise<void> {
    const sockets: Duplex[] = [raw]
    connections.add(sockets)
    const over = () => {
      connections.delete(sockets)
      for (const socket of sockets) socket.destroy()
    }
    raw.on('error', () => {}).once('close', over)
    const gate: Gatekeeper = {
      secureContext,
      to,
      passwordOf: (user) => to.passwords.get(user) ?? '',
      async admits(token, user) {
        const verdict = await verify(token, user)
        if (verdict !== true) refusals.push(verdict || 'refused')
        return verdict === true
      },
      own(socket) {
        sockets.push(socket)
        if (raw.destroyed) socket.destroy()
        return socket
      },
    }
    await flow.promise
    const joined = await login(raw, gate)
    if (!joined) return void setTimeout(over, lastWord).unref()
    admitted++
    const { client, server } = joined
    pipeline(client, valve(), server, over)
    pipeline(server, valve(), client, over)
  }

  const valve = () =>
    new Transform({
      transform: (chunk, _encoding, done) => void flow.promise.then(() => done(null, chunk)),
    })

  const server = createServer((raw) => {
    serve(raw).catch(() => raw.destroy())
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1').unref()
  await until(server, 'listening')

  const dropAll = () => {
    for (const sockets of connections) for (const socket of sockets) socket.destroy()
  }
  const { protocol, host, user, database } = to
  return {
    protocol,
    host,
    port,
    ca: authority.ca,
    user,
    database,
    connections: () => connections.size,
    admitted: () => admitted,
    refusals: () => [...refusals],
    dropAll,
    stall() {
      flow = Promise.withResolvers()
    },
    resume: () => flow.resolve(),
    async close() {
      flow.resolve()
      dropAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Milliseconds that a client has to read why it was refused. */
const lastWord = 1_000
