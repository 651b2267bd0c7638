import { checkDatabaseOptions, type DatabaseOptions } from '../options.ts'

export interface PostgresOptions<Needs extends object = {}, Key extends string = 'db'>
  extends DatabaseOptions<Needs, Key> {
  /** How the connections are named in `pg_stat_activity`; the function's name by default. */
  readonly applicationName?: string
}

export const checkPostgresOptions = <Needs extends object, Key extends string>(
  options: PostgresOptions<Needs, Key>,
): void => checkDatabaseOptions('postgres()', options)
