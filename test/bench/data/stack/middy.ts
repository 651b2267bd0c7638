import { Signer } from '@aws-sdk/rds-signer'
import middy from '@middy/core'
import secretsManager from '@middy/secrets-manager'
import ssm from '@middy/ssm'
import pg from 'pg'
import type { LambdaFunction, Make } from '../../harness/peer.ts'
import { listened } from './pool.ts'
import { span } from './span.ts'
import {
  byKey,
  database,
  parameterKeys,
  parameterNames,
  readAll,
  readSecrets,
  secretIds,
  secretKeys,
} from './values.ts'

/** `cacheExpiry` of Middy's middlewares: theirs where there is none, which is for ever. */
export interface Expiry {
  readonly cacheExpiry?: number
}
type Context = Readonly<Record<string, unknown>> & { readonly rds: pg.Pool }

/** As their documentation shows, with `setToContext`. */
const ownSecrets = (expiry: Expiry) =>
  secretsManager({ ...expiry, fetchData: byKey(secretKeys, (i) => secretIds[i]!), setToContext: true })
const ownParameters = (expiry: Expiry) =>
  ssm({ ...expiry, fetchData: byKey(parameterKeys, (i) => parameterNames[i]!), setToContext: true })

/**
 * What `@middy/rds-signer` and `@middy/rds` do with what is on by default: a token made when the module is loaded, and a
 * pool of pg's made by the first invocation with that token for its password; both are kept for ever.
 */
const ownDatabase = () => {
  const { user, host, port, database: name } = database()
  const signing = span('token', () => new Signer({ hostname: host, port, username: user }).getAuthToken())
  let pool: pg.Pool | undefined
  return {
    before: async ({ context }: { context: { rds?: pg.Pool } }) => {
      const password = await signing
      pool ??= listened(new pg.Pool({ host, port, user, password, database: name, ssl: true }))
      context.rds = pool
    },
  }
}

const finished = (middlewares: readonly unknown[], handler: (event: unknown, context: Context) => Promise<unknown>) =>
  middy(handler as never).use(middlewares as never) as unknown as LambdaFunction

export const configurationWith =
  (expiry: () => Expiry = () => ({})): Make =>
  () =>
    finished([ownSecrets(expiry()), ownParameters(expiry())], async (_, context) => readAll(context, context))

export const queriesByMiddy: Make = () =>
  finished([ownDatabase()], async (_, { rds }) => ({ ok: (await rds.query('select 1 as one')).rowCount === 1 }))

export const startByMiddy: Make = () =>
  finished([ownSecrets({}), ownParameters({}), ownDatabase()], async (_, context) => {
    const client = await context.rds.connect()
    client.release()
    return { ...readAll(context, context), connections: context.rds.totalCount }
  })

export const emptyByMiddy: Make = () => finished([], async () => ({ ok: true }))

export const heldByMiddy: Make = () => finished([ownSecrets({}), ownDatabase()], async () => ({ ok: true }))

export const readByMiddy: Make = () =>
  finished([ownSecrets({}), ownDatabase()], async (_, context) => ({
    ok: readSecrets(context) && context.rds !== undefined,
  }))
