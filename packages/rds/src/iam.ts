import { type CredentialsSource, rdsToken } from '@fnware/aws'
import { checkOptions } from '@fnware/core/extend'

export interface IamOptions {
  /** The database user, which has the role `rds_iam` (PostgreSQL) or is identified with AWSAuthenticationPlugin (MySQL). */
  readonly user: string
  /** AWS_REGION by default. */
  readonly region?: string
  /** What signs: the function's role by default. */
  readonly credentials?: CredentialsSource
  /** Makes the token in place of `@fnware/aws`, such as that of `@aws-sdk/rds-signer`: it must be for the host that is connected to. */
  readonly signer?: { getAuthToken(): Promise<string> }
}

/** Credentials that are a user and a token made for every connection. */
export interface IamCredentials {
  readonly user: string
  token(address: { readonly host: string; readonly port: number }): Promise<string>
}

/**
 * IAM authentication: a token is signed at every connect, by the function's own role and without a call. It is good for
 * 15 minutes, for connecting alone: a connection may be used for longer.
 * @example postgres({ host: process.env.DB_PROXY, credentials: iam({ user: 'app' }) })
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export const iam = (options: IamOptions): IamCredentials => {
  checkOptions('iam()', options, { user: 'string', region: 'string', credentials: 'any', signer: 'object' })
  const { user, region, credentials, signer } = options
  if (!user) throw new TypeError('iam(): give `user`, the database user that the token is for')
  return {
    user,
    token: ({ host, port }) => (signer ? signer.getAuthToken() : rdsToken({ host, port, user, region, credentials })),
  }
}
