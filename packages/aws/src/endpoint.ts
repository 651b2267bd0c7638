import { AwsError } from './errors.ts'

/** A service that answers signed JSON over HTTP. */
export interface Service {
  /** The name in its host and in signatures: `secretsmanager`, `ssm`, `kms`. */
  readonly name: string
  /** What `X-Amz-Target` begins with: `secretsmanager`, `AmazonSSM`, `TrentService`. */
  readonly target: string
  /** What `AWS_ENDPOINT_URL_…` ends with: `SECRETS_MANAGER`. */
  readonly id: string
}

/** @throws AwsError where the environment names none */
export const regionOf = (given: string | undefined): string => {
  const region = given || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION
  if (!region)
    throw new AwsError('no AWS region: set AWS_REGION, as Lambda does, or give `region`', { code: 'RegionError' })
  return region
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
export const endpointOf = ({ name, id }: Service, region: string, given: string | undefined): URL => {
  const { env } = process
  const configured = is(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)
    ? undefined
    : env[`AWS_ENDPOINT_URL_${id}`] || env.AWS_ENDPOINT_URL
  const url = given || configured
  if (url) return new URL(url)
  const [, suffix, dualStack] = partitions.find(([prefix]) => region.startsWith(prefix)) ?? standard
  const host = is(env.AWS_USE_FIPS_ENDPOINT) ? `${name}-fips` : name
  return new URL(`https://${host}.${region}.${(is(env.AWS_USE_DUALSTACK_ENDPOINT) && dualStack) || suffix}`)
}

const is = (text: string | undefined) => text?.toLowerCase() === 'true'

type Partition = readonly [region: string, suffix: string, dualStack?: string]
const standard: Partition = ['', 'amazonaws.com', 'api.aws']
const partitions: readonly Partition[] = [
  ['cn-', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ['eusc-', 'amazonaws.eu', 'api.amazonwebservices.eu'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
]
