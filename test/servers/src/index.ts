export { type Authority, type Certificate, createAuthority, type Issue, testAuthority } from './authority.ts'
export { type PgBouncer, type PgBouncerOptions, startPgBouncer } from './pgbouncer.ts'
export { type Address, type Postgres, type PostgresOptions, startPostgres } from './postgres.ts'
export type { ServerProcess } from './server-process.ts'
