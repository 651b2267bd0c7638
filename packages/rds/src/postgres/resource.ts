import { type Init, type Resource, resource } from '@fnware/core'
import { Connections } from '../connections.ts'
import { credentialsOf } from '../credentials.ts'
import { Pinning } from '../pinning.ts'
import { poolSize } from '../size.ts'
import { tlsOptions } from '../tls.ts'
import { clientClass } from './client.ts'
import { type Postgres, PostgresDatabase } from './database.ts'
import { defaultPort, postgresDriver } from './driver.ts'
import { checkPostgresOptions, type PostgresOptions } from './options.ts'
import { loadPg } from './pg.ts'
import { pins } from './pins.ts'

/**
 * PostgreSQL: connections by pg, made once per execution environment and looked at before they are used.
 * @example
 * lambda()
 *   .use(secrets({ database: secret('prod/db', Database) }))
 *   .use(postgres({ host: process.env.DB_PROXY, database: 'orders', credentials: ({ secrets }) => secrets.database }))
 * @throws TypeError on an unknown option
 */
export const postgres = <Needs extends object = {}, const Key extends string = 'db'>(
  options: PostgresOptions<Needs, Key>,
): Resource<Needs, Key, Postgres> => {
  checkPostgresOptions(options)
  const { tls = {}, pinning, connect, idle = 300_000, connectTimeout = 5_000, acquireTimeout = 10_000 } = options
  const key = options.key ?? ('db' as Key)
  const ssl = tls && tlsOptions(tls)
  return resource(key, {
    init: async (_: {}, { read }: Init<Needs>): Promise<Postgres> => {
      const pg = await loadPg()
      const connections = new Connections({
        key,
        driver: postgresDriver({
          Client: clientClass(pg, {
            key,
            pinning: new Pinning(key, pins, pinning),
            keepsSession: pinning === 'allow',
            shown: { type: 'PostgreSQL', statements: options.traceStatements === true },
          }),
          tls: ssl,
          applicationName: options.applicationName ?? process.env.AWS_LAMBDA_FUNCTION_NAME,
        }),
        credentials: credentialsOf({
          key,
          option: options.credentials,
          address: addressOf(options),
          defaultPort,
          read,
        }),
        max: poolSize(options),
        idle,
        connectTimeout,
        acquireTimeout,
      })
      if (connect === 'init') (await connections.acquire()).release()
      return new PostgresDatabase(pg, connections)
    },
    perInvocation: (db, invocation): Postgres => (db as PostgresDatabase).of(invocation),
    dispose: (db) => (db as PostgresDatabase).end(),
  })
}

/** Only what was given: a `host` that was given and is undefined is a mistake. */
const addressOf = (options: PostgresOptions<never, string>) => ({
  ...('host' in options && { host: options.host }),
  port: options.port,
  database: options.database,
})
