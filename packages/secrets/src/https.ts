import { type AwsOptions, awsCalls } from '@fnware/aws'
import type { Transport } from './transport.ts'
import { overCalls } from './wire.ts'

/**
 * Secrets over HTTPS, signed here, without the SDK: what `secrets()` does unless it is told otherwise.
 * @throws TypeError on an unknown option
 */
export const https = (options: AwsOptions = {}): Transport =>
  overCalls(awsCalls({ name: 'secretsmanager', target: 'secretsmanager', id: 'SECRETS_MANAGER' }, options))
