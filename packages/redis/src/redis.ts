import { type Init, type Resource, resource } from '@fnware/core'
import { authorities, checkOptions } from '@fnware/core/extend'
import type { Redis } from 'ioredis'
import { clientClass } from './client.ts'
import type { Place } from './errors.ts'
import { login } from './login.ts'

/** The driver's client. */
export interface RedisClient extends Redis {
  /** What it has been through since it was made: for a log line or a metric. */
  readonly health: RedisHealth
}

export interface RedisHealth {
  /** Connections made. */
  readonly opened: number
  /** Connections given up: too old, or found dead. */
  readonly discarded: number
}

export interface Credentials {
  /** `default` where there is none. */
  readonly username?: string | undefined
  readonly password: string
}

export interface RedisOptions<in Needs extends object = {}, out Key extends string = 'redis'> {
  /** The name of the cluster's endpoint, without a port. */
  readonly host: string
  /** 6379 by default. */
  readonly port?: number
  /**
   * Read at every connect, from the resources before this one: `({ secrets }) => secrets.cache`, or {@link iam}. When the
   * server refuses what was read, it is fetched anew, and the connection tried once more.
   */
  readonly credentials?: Credentials | ((resources: Needs) => Credentials | Promise<Credentials>)
  /** On by default, verified by Node's own authorities, to which `ca` (PEM) is added. `false` is for a Redis without. */
  readonly tls?: boolean | { readonly ca?: string | readonly string[]; readonly servername?: string }
  /** Where it is found on the context: `redis` by default. */
  readonly key?: Key
  /** `lazy` connects with the first command, `init` beside all other INIT work; `lazy` by default. */
  readonly connect?: 'lazy' | 'init'
  /** The number of the database; 0 by default. */
  readonly database?: number
  /** Put before every key. */
  readonly keyPrefix?: string
  /** ms without a command after which the server is asked (`PING`) whether it is still there; 15 000 by default. */
  readonly idle?: number
  /** ms that a connect may take, with TLS and authentication; 2 000 by default. */
  readonly connectTimeout?: number
  /** ms that a command may take; 5 000 by default. */
  readonly commandTimeout?: number
}

/**
 * A client of Redis or Valkey, such as ElastiCache's: one connection per environment, shared by all invocations.
 *
 * @throws TypeError on an unknown or wrong option
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export const redis = <Needs extends object = {}, const Key extends string = 'redis'>(
  options: RedisOptions<Needs, Key>,
): Resource<Needs, Key, RedisClient> => {
  checkOptions('redis()', options, {
    host: 'string',
    port: 'number',
    credentials: 'any',
    tls: 'any',
    key: 'string',
    connect: 'string',
    database: 'number',
    keyPrefix: 'string',
    idle: 'number',
    connectTimeout: 'number',
    commandTimeout: 'number',
  })
  const { key = 'redis' as Key, host, port = 6379, credentials, connect = 'lazy' } = options
  if (!host) throw new TypeError('redis(): `host` is missing: the name of the endpoint')
  if (connect !== 'lazy' && connect !== 'init') throw new TypeError("redis(): `connect` is 'lazy' or 'init'")
  const place: Place = { key, address: `${host}:${port}` }
  return resource(key, {
    init: async (_: {}, { read }: Init<Needs>) => {
      const { Redis } = await import('ioredis')
      const Client = clientClass(Redis, {
        place,
        idle: options.idle ?? 15_000,
        logIn: login(credentials, read),
      })
      const client = new Client({
        host,
        port,
        ...tlsOf(options),
        db: options.database ?? 0,
        keyPrefix: options.keyPrefix ?? '',
        connectTimeout: options.connectTimeout ?? 2000,
        commandTimeout: options.commandTimeout ?? 5000,
        // It connects when a command asks for it, and keeps none for later: what is lost is told.
        lazyConnect: true,
        retryStrategy: null as never,
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        disableClientInfo: true,
      })
      if (connect === 'init') await client.prepare()
      return client as RedisClient
    },
    dispose: (client) => client.disconnect(),
  }) as never
}

const tlsOf = ({ tls = true, host }: { tls?: RedisOptions['tls']; host: string }) => {
  if (!tls) return {}
  const { ca, servername = host } = tls === true ? {} : tls
  return { tls: { servername, ...(ca && { ca: authorities(ca) }) } }
}
