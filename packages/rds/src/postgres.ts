export type { ArrayStatement, Postgres, Queries, Statement, Transaction } from './postgres/database.ts'
export type { PostgresOptions } from './postgres/options.ts'
export { postgres } from './postgres/resource.ts'
