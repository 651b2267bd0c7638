export { type AwsOptions, awsCalls, type Call } from './call.ts'
export type { Credentials, CredentialsSource } from './credentials.ts'
export type { Service } from './endpoint.ts'
export { AwsError, type AwsErrorOptions } from './errors.ts'
export {
  type ElastiCacheTokenOptions,
  elastiCacheToken,
  type PresignedOptions,
  presign,
  type RdsTokenOptions,
  rdsToken,
} from './tokens.ts'
