import { type Init, type Resource, resource } from '@fnware/core'
import { Connections } from '../connections.ts'
import { credentialsOf } from '../credentials.ts'
import { Pinning } from '../pinning.ts'
import { poolSize } from '../size.ts'
import { type MySql, MySqlDatabase } from './database.ts'
import { defaultPort, mysqlDriver } from './driver.ts'
import { loadMySql2 } from './mysql2.ts'
import { checkMySqlOptions, type MySqlOptions } from './options.ts'
import { pins } from './pins.ts'

/**
 * MySQL or MariaDB: connections by mysql2, made once per execution environment and looked at before they are used.
 * @example
 * lambda()
 *   .use(secrets({ database: secret('prod/db', Database) }))
 *   .use(mysql({ host: process.env.DB_PROXY, database: 'orders', credentials: ({ secrets }) => secrets.database }))
 * @throws TypeError on an unknown option
 */
export const mysql = <Needs extends object = {}, const Key extends string = 'db'>(
  options: MySqlOptions<Needs, Key>,
): Resource<Needs, Key, MySql> => {
  checkMySqlOptions(options)
  const { credentials, tls = {}, connect, idle = 300_000, connectTimeout = 5_000, acquireTimeout = 10_000 } = options
  const key = options.key ?? ('db' as Key)
  const driver = { timezone: 'Z' as const, supportBigNumbers: true, ...options.driver }
  return resource(key, {
    init: async (_: {}, { read }: Init<Needs>): Promise<MySql> => {
      const mysql2 = await loadMySql2()
      const connections = new Connections({
        key,
        driver: mysqlDriver({
          mysql2,
          tls,
          cleartext: 'token' in credentials,
          pinning: new Pinning(key, pins, options.pinning),
          driver,
          shown: { type: 'MySQL', statements: options.traceStatements === true },
          applicationName: options.applicationName ?? process.env.AWS_LAMBDA_FUNCTION_NAME,
        }),
        credentials: credentialsOf({ key, option: credentials, address: addressOf(options), defaultPort, read }),
        max: poolSize(options),
        idle,
        connectTimeout,
        acquireTimeout,
      })
      if (connect === 'init') (await connections.acquire()).release()
      return new MySqlDatabase({ mysql2, driver, connections })
    },
    perInvocation: (db, invocation): MySql => (db as MySqlDatabase).of(invocation),
    dispose: (db) => (db as MySqlDatabase).end(),
  })
}

/** Only what was given: a `host` that was given and is undefined is a mistake. */
const addressOf = (options: MySqlOptions<never, string>) => ({
  ...('host' in options && { host: options.host }),
  port: options.port,
  database: options.database,
})
