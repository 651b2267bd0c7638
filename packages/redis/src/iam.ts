import { type ElastiCacheTokenOptions, elastiCacheToken } from '@fnware/aws'
import type { Credentials } from './redis.ts'

/**
 * Credentials for ElastiCache with IAM authentication: a token for every connect, signed here and good for 15 minutes.
 *
 * @example
 * redis({ host, credentials: iam({ cache: 'orders', user: 'app' }) })
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export const iam =
  (options: ElastiCacheTokenOptions): (() => Promise<Credentials>) =>
  async () => ({ username: options.user, password: await elastiCacheToken(options) })
