import { lambda } from '@fnware/core'
import { parameter, parameters } from '@fnware/parameters'
import { iam } from '@fnware/rds'
import { postgres } from '@fnware/rds/postgres'
import { secret, secrets } from '@fnware/secrets'
import type { LambdaFunction, Make, Peer } from '../../harness/peer.ts'
import { span } from '../stack/span.ts'
import {
  byKey,
  database,
  parameterKeys,
  parameterNames,
  readAll,
  readSecrets,
  secretIds,
  secretKeys,
  ttl,
} from '../stack/values.ts'

export const peer: Peer = {
  title: 'fnware',
  packages: ['@fnware/core', '@fnware/secrets', '@fnware/parameters', '@fnware/rds', 'pg'],
  order: 0,
}

const fresh = () => {
  const ms = ttl()
  return ms === undefined ? {} : { ttl: ms }
}
const ownSecrets = () =>
  secrets(
    byKey(secretKeys, (i) => secret(secretIds[i]!)),
    fresh(),
  )
const ownParameters = () =>
  parameters(
    byKey(parameterKeys, (i) => parameter(parameterNames[i]!)),
    fresh(),
  )
const ownDatabase = (connect: 'lazy' | 'init') => {
  const { user, ...address } = database()
  const { token } = iam({ user })
  return postgres({ ...address, connect, credentials: { user, token: (to) => span('token', () => token(to)) } })
}

export const configuration: Make = () =>
  lambda()
    .use(ownSecrets())
    .use(ownParameters())
    .handle(async ({ secrets, parameters }) => readAll(secrets, parameters)) as LambdaFunction

export const queries: Make = () =>
  lambda()
    .use(ownDatabase('lazy'))
    .handle(async ({ db }) => ({ ok: (await db.query('select 1 as one')).rowCount === 1 })) as LambdaFunction

export const start: Make = () =>
  lambda()
    .use(ownSecrets())
    .use(ownParameters())
    .use(ownDatabase('init'))
    .handle(async ({ secrets, parameters, db }) => ({
      ...readAll(secrets, parameters),
      connections: db.health.opened,
    })) as LambdaFunction

export const empty: Make = () => lambda().handle(async () => ({ ok: true })) as LambdaFunction

export const held: Make = () =>
  lambda()
    .use(ownSecrets())
    .use(ownDatabase('init'))
    .handle(async () => ({ ok: true })) as LambdaFunction

export const read: Make = () =>
  lambda()
    .use(ownSecrets())
    .use(ownDatabase('init'))
    .handle(async ({ secrets, db }) => ({ ok: readSecrets(secrets) && db !== undefined })) as LambdaFunction
