import { hostnameOf, type Outgoing, pathnameOf } from './outgoing.ts'

/** A call to one of AWS's services. */
export interface AwsCall {
  /** As X-Ray names it. */
  readonly service: string
  readonly operation?: string
  readonly region?: string
}

/**
 * What the wire tells of a call to AWS. It is known by its signature, also where the endpoint is one's own; without one by
 * its host.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const awsCallOf = (request: Outgoing): AwsCall | undefined => {
  const scope = scopeOf(request.header('authorization')) ?? hostScopeOf(hostnameOf(request.host))
  if (!scope || isUsers(scope.service, request.host)) return undefined
  const operation = operationOf(request, scope.service)
  const region = scope.region ?? request.header('x-amz-region-set')
  return {
    service: serviceNameOf(scope.service),
    ...(operation !== undefined && { operation }),
    ...(region !== undefined && { region }),
  }
}

interface Scope {
  /** As the service signs. */
  readonly service: string
  readonly region?: string | undefined
}

const signature =
  /^AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256) Credential=[^/\s]+\/\d{8}(?:\/([a-z0-9-]+))?\/([a-z0-9-]+)\/aws4_request\b/

const scopeOf = (authorization: string | undefined): Scope | undefined => {
  const [, region, service] = (authorization && signature.exec(authorization)) || []
  return service === undefined ? undefined : { service, region }
}

const regional =
  /(?:^|\.)([a-z0-9-]+?)(?:-fips)?(?:\.dualstack)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn|amazonaws\.eu)$/
const global = /(?:^|\.)(s3|sts|iam)\.amazonaws\.com$/

/** Presigned, or signed by nobody. */
const hostScopeOf = (hostname: string): Scope | undefined => {
  const [, name = global.exec(hostname)?.[1], region] = regional.exec(hostname) ?? []
  // Any word may stand there: that of a load balancer, say.
  return name !== undefined && Object.hasOwn(names, name) ? { service: name, region } : undefined
}

/** What is signed for AWS and goes to something of the user's, whose host says more than `AWS`. */
const isUsers = (service: string, host: string): boolean =>
  /^(?:execute-api|appsync|es|aoss|vpc-lattice-svcs)$/.test(service) || /\.lambda-url\./.test(host)

const operationOf = ({ header, path }: Outgoing, service: string): string | undefined => {
  const target = header('x-amz-target')
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1)
  const pathname = pathnameOf(path)
  const [, rpc] = /\/operation\/(\w+)$/.exec(pathname) ?? []
  if (rpc !== undefined) return rpc
  if (service === 'lambda' && /\/functions\/[^/]+\/invocations$/.test(pathname)) return 'Invoke'
  // The SDK says so, of S3's operations.
  return /[?&]x-id=(\w+)/.exec(path)?.[1]
}

/** As X-Ray's own SDK names services, which is by their clients in the AWS SDK. */
const serviceNameOf = (signedAs: string): string =>
  Object.hasOwn(names, signedAs)
    ? (names[signedAs] as string)
    : signedAs.replace(/(?:^|[-_.])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** Those whose client is not named as they sign. */
const names: Readonly<Record<string, string>> = {
  bedrock: 'BedrockRuntime',
  'cognito-identity': 'CognitoIdentity',
  'cognito-idp': 'CognitoIdentityProvider',
  dynamodb: 'DynamoDB',
  ddb: 'DynamoDB',
  email: 'SES',
  events: 'EventBridge',
  firehose: 'Firehose',
  iam: 'IAM',
  kinesis: 'Kinesis',
  kms: 'KMS',
  lambda: 'Lambda',
  logs: 'CloudWatchLogs',
  monitoring: 'CloudWatch',
  'rds-data': 'RDSData',
  s3: 'S3',
  s3express: 'S3',
  's3-object-lambda': 'S3',
  scheduler: 'Scheduler',
  secretsmanager: 'SecretsManager',
  ses: 'SES',
  sns: 'SNS',
  sqs: 'SQS',
  ssm: 'SSM',
  states: 'SFN',
  sts: 'STS',
}
