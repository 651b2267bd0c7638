export type { Executions, MySql, Queries, Statement, Transaction } from './mysql/database.ts'
export type { DriverOptions, MySqlOptions } from './mysql/options.ts'
export { mysql } from './mysql/resource.ts'
