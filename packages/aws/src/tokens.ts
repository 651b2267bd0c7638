import { checkOptions } from '@fnware/core/extend'
import { type CredentialsSource, credentialsFrom } from './credentials.ts'
import { regionOf } from './endpoint.ts'
import { presigned } from './sign.ts'

export interface PresignedOptions {
  /** The name that the service signs by. */
  readonly service: string
  /** With its port, where that is part of what is signed. */
  readonly host: string
  readonly query: Readonly<Record<string, string>>
  /** Seconds that it is good for; 900 by default. */
  readonly expires?: number | undefined
  readonly region?: string | undefined
  readonly credentials?: CredentialsSource | undefined
}

/**
 * A presigned GET of `/`, without its `https://`: what services take for a password. Nothing is called for it.
 * @throws AwsError where there are no credentials
 */
export const presign = async (options: PresignedOptions): Promise<string> => {
  checkOptions('presign()', options, {
    service: 'string',
    host: 'string',
    query: 'object',
    expires: 'number',
    region: 'string',
    credentials: 'any',
  })
  const { service, host, query, expires = 900 } = options
  const credentials = await credentialsFrom(options.credentials)()
  return presigned({ service, host, query, expires, region: regionOf(options.region), at: new Date() }, credentials)
}

export interface RdsTokenOptions {
  /** Of the instance, the cluster or the proxy. */
  readonly host: string
  readonly port: number
  /** The database user. */
  readonly user: string
  readonly region?: string | undefined
  readonly credentials?: CredentialsSource | undefined
}

/**
 * A password for RDS, Aurora and RDS Proxy with IAM authentication: good for 15 minutes, for connecting alone.
 * The same, byte for byte, as `@aws-sdk/rds-signer` gives.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export const rdsToken = ({ host, port, user, region, credentials }: RdsTokenOptions): Promise<string> =>
  presign({
    service: 'rds-db',
    host: `${host}:${port}`,
    query: { Action: 'connect', DBUser: user },
    region,
    credentials,
  })

export interface ElastiCacheTokenOptions {
  /** The name of the replication group or of the serverless cache, in lower case: not its host. */
  readonly cache: string
  /** The id of the ElastiCache user. */
  readonly user: string
  readonly serverless?: boolean | undefined
  readonly region?: string | undefined
  readonly credentials?: CredentialsSource | undefined
}

/**
 * A password for ElastiCache with IAM authentication: good for 15 minutes, for connecting alone.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export const elastiCacheToken = (options: ElastiCacheTokenOptions): Promise<string> => {
  const { cache, user, serverless = false, region, credentials } = options
  return presign({
    service: 'elasticache',
    host: cache.toLowerCase(),
    query: { Action: 'connect', User: user, ...(serverless && { ResourceType: 'ServerlessCache' }) },
    region,
    credentials,
  })
}
