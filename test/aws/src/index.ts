export type { Call } from './calls.ts'
export type { Fault, Where } from './faults.ts'
export { type Credentials, type Presigned, type Verified, type VerifiedUrl, verify, verifyPresigned } from './sigv4.ts'
export { type Aws, type AwsOptions, startAws } from './start.ts'
