import { type AwsOptions, awsCalls } from '@fnware/aws'
import type { Transport } from './transport.ts'
import { overCalls } from './wire.ts'

/**
 * Parameters over HTTPS, signed here, without the SDK: what `parameters()` does unless it is told otherwise.
 * @throws TypeError on an unknown option
 */
export const https = (options: AwsOptions = {}): Transport =>
  overCalls(awsCalls({ name: 'ssm', target: 'AmazonSSM', id: 'SSM' }, options))
