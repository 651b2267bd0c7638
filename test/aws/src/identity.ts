import type { Credentials } from './sigv4.ts'

/** Those with a session token are a role's, as a function's are; those without are a user's. */
export function identityOf({ accessKeyId, sessionToken }: Credentials, account: string): string {
  if (sessionToken === undefined) return `arn:aws:iam::${account}:user/${accessKeyId}`
  return `arn:aws:sts::${account}:assumed-role/function-role/${accessKeyId}`
}
