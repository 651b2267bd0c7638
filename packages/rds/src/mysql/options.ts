import { checkOptions } from '@fnware/core/extend'
import type { ConnectionOptions } from 'mysql2'
import { checkDatabaseOptions, type DatabaseOptions } from '../options.ts'

/** Options of mysql2 about what values become. None of them has the driver send a SET. */
export interface DriverOptions
  extends Pick<
    ConnectionOptions,
    | 'bigNumberStrings'
    | 'charset'
    | 'dateStrings'
    | 'decimalNumbers'
    | 'jsonStrings'
    | 'namedPlaceholders'
    | 'nestTables'
    | 'rowsAsArray'
    | 'stringifyObjects'
    | 'supportBigNumbers'
    | 'timezone'
    | 'typeCast'
  > {}

const driverOptions = {
  bigNumberStrings: 'boolean',
  charset: 'string',
  dateStrings: 'any',
  decimalNumbers: 'boolean',
  jsonStrings: 'boolean',
  namedPlaceholders: 'boolean',
  nestTables: 'any',
  rowsAsArray: 'boolean',
  stringifyObjects: 'boolean',
  supportBigNumbers: 'boolean',
  timezone: 'string',
  typeCast: 'any',
} as const satisfies Record<keyof DriverOptions, string>

export interface MySqlOptions<Needs extends object = {}, Key extends string = 'db'>
  extends DatabaseOptions<Needs, Key> {
  /**
   * What values become, in mysql2's own words. Two defaults differ from the driver's: `timezone: 'Z'`, so that dates are
   * the same on your machine as in Lambda, and `supportBigNumbers: true`, so that integers over 2^53 are text and not
   * rounded.
   */
  readonly driver?: DriverOptions
}

export const checkMySqlOptions = <Needs extends object, Key extends string>(
  options: MySqlOptions<Needs, Key>,
): void => {
  checkDatabaseOptions('mysql()', options, { driver: 'object' })
  if (options.driver) checkOptions('mysql(): driver', options.driver, driverOptions)
}
