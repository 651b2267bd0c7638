export type { CredentialsOption, DatabaseSecret } from './credentials.ts'
export {
  AcquireError,
  CommitUnknownError,
  ConnectError,
  ConnectionLostError,
  CredentialsError,
  FailoverError,
  LeaseError,
  PinningError,
  RdsError,
  type RdsErrorOptions,
  TransactionError,
} from './errors.ts'
export type { Health } from './health.ts'
export { type IamCredentials, type IamOptions, iam } from './iam.ts'
export type { PinningMode } from './pinning.ts'
export type { Tls, TlsOptions } from './tls.ts'
export type { Isolation, TransactionOptions } from './transaction.ts'
