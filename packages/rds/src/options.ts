import { checkOptions } from '@fnware/core/extend'
import type { CredentialsOption } from './credentials.ts'
import type { PinningMode } from './pinning.ts'
import type { SizeOptions } from './size.ts'
import type { Tls } from './tls.ts'

/** What every database resource takes. */
export interface DatabaseOptions<Needs extends object, Key extends string> extends SizeOptions {
  /** Where it is found on the context; `db` by default. */
  readonly key?: Key
  /** Of the RDS Proxy, or the database; the credentials' own by default. */
  readonly host?: string | undefined
  /** The credentials' own by default, or the database's usual one. */
  readonly port?: number | undefined
  /** The credentials' own by default. */
  readonly database?: string | undefined
  /** Asked for at every connect, so that what is rotated or expires needs no restart. */
  readonly credentials: CredentialsOption<Needs>
  /** On and verified by default. */
  readonly tls?: Tls
  /** When the first connection is made: by the first query (`lazy`, the default) or at INIT. The driver is loaded at INIT. */
  readonly connect?: 'lazy' | 'init'
  /**
   * ms of idle time after which a connection is not used any more; 300 000 by default: AWS's own NAT gateways and load
   * balancers forget a silent connection after 350 s, and an RDS Proxy closes it after 1 800 s.
   */
  readonly idle?: number
  /** ms that an attempt to connect may take, with TLS and authentication; 5 000 by default, less where the invocation has less. */
  readonly connectTimeout?: number
  /** ms in which a query must have a connection; 10 000 by default, less where the invocation has less. */
  readonly acquireTimeout?: number
  /** What is done about statements that pin a session of RDS Proxy; `warn` outside of Lambda by default. */
  readonly pinning?: PinningMode
  /** How the database's administrator sees the connections named; the function's name by default. */
  readonly applicationName?: string
  /**
   * Whether a trace shows the text of statements, rather than their first word; false by default. Values are never shown,
   * but what you write into a text yourself is a part of it.
   */
  readonly traceStatements?: boolean
}

const types = {
  key: 'string',
  host: 'string',
  port: 'number',
  database: 'string',
  credentials: 'any',
  tls: 'any',
  connect: 'string',
  idle: 'number',
  connectTimeout: 'number',
  acquireTimeout: 'number',
  max: 'number',
  budget: 'number',
  pinning: 'string',
  applicationName: 'string',
  traceStatements: 'boolean',
} as const

/** @throws TypeError */
export const checkDatabaseOptions = <Needs extends object>(
  name: string,
  options: DatabaseOptions<Needs, string>,
  more: Parameters<typeof checkOptions>[2] = {},
): void => {
  checkOptions(name, options, { ...types, ...more })
  const { credentials, tls, connect = 'lazy', pinning = 'warn' } = options
  if (typeof credentials !== 'function' && (typeof credentials !== 'object' || credentials === null))
    throw new TypeError(`${name}: give \`credentials\`: ({ secrets }) => secrets.database, or iam({ user })`)
  if (tls) checkOptions(`${name}: tls`, tls, { ca: 'any', servername: 'string' })
  else if (tls !== undefined && tls !== false) throw new TypeError(`${name}: \`tls\` must be an object, or false`)
  if (tls === false && 'token' in credentials)
    throw new TypeError(`${name}: iam() needs TLS, since its token could be read on the way: leave \`tls: false\` out`)
  if (connect !== 'lazy' && connect !== 'init') throw new TypeError(`${name}: \`connect\` must be 'lazy' or 'init'`)
  if (!['allow', 'warn', 'refuse'].includes(pinning))
    throw new TypeError(`${name}: \`pinning\` must be 'allow', 'warn' or 'refuse'`)
}
