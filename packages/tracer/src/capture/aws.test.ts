import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { awsCalls } from '@fnware/aws'
import { startAws } from 'test-aws'
import { afterEach, expect, test, vi } from 'vitest'
import { headerOf, recorder } from '../../test/recorder.ts'
import { credentials, region, startSignedWeb } from '../../test/signed-web.ts'
import { awsCallOf } from './aws.ts'
import { capture } from './capture.ts'

const engine = recorder()
capture(engine)

afterEach(() => {
  vi.unstubAllEnvs()
  engine.spans.length = 0
})

test("clients of the AWS SDK: the operation, the region, the request's id, and signatures that hold", async () => {
  await using aws = await startAws()
  aws.secrets.create('prod/db', { password: 'hidden' })
  aws.parameters.put('/app/url', 'hidden')
  const { endpoint, region, credentials } = aws
  const secrets = new SecretsManagerClient({ endpoint, region, credentials })
  const ssm = new SSMClient({ endpoint, region, credentials })
  // As on Lambda, where the SDK itself adds a header.
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders')
  vi.stubEnv('_X_AMZN_TRACE_ID', headerOf('0123456789abcdef'))
  await engine.within('one', async () => {
    await secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' }))
    await ssm.send(new GetParametersCommand({ Names: ['/app/url'] }))
    await awsCalls({ name: 'ssm', target: 'AmazonSSM', id: 'SSM' }, { endpoint, region, credentials })(
      'GetParameters',
      { Names: ['/app/url'] },
    )
    const missing = secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))
    await expect(missing).rejects.toThrow("can't find")
  })
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/)
  const http = { method: 'POST', url: `${endpoint}/`, status: 200 }
  const spans = await engine.below('one', 4)
  expect(spans).toMatchObject([
    { name: 'SecretsManager', kind: 'aws', details: { http, aws: { operation: 'GetSecretValue', region, requestId } } },
    { name: 'SSM', kind: 'aws', details: { http, aws: { operation: 'GetParameters', region, requestId } } },
    { name: 'SSM', kind: 'aws', details: { http, aws: { operation: 'GetParameters', region, requestId } } },
    { name: 'SecretsManager', details: { http: { status: 400 } }, failure: { as: 'error' } },
  ])
  expect(JSON.stringify(engine.spans)).not.toContain('hidden')
  expect(aws.calls.map(({ error }) => error)).toEqual([undefined, undefined, undefined, 'ResourceNotFoundException'])
})

test('the trace goes with what is signed, and the signature holds', async () => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders')
  vi.stubEnv('_X_AMZN_TRACE_ID', headerOf('0123456789abcdef'))
  await using dynamo = await startSignedWeb('dynamodb', (_, response) =>
    response.writeHead(200, { 'x-amzn-requestid': 'R1' }).end('{}'),
  )
  await using s3 = await startSignedWeb('s3', (_, response) =>
    response.writeHead(200, { 'x-amz-request-id': 'R2' }).end(),
  )
  await using lambda = await startSignedWeb('lambda', (_, response) => response.writeHead(200).end('{}'))
  const options = { region, credentials }
  await engine.within('one', async () => {
    const table = new DynamoDBClient({ ...options, endpoint: dynamo.url })
    await table.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: '1' } } }))
    const bucket = new S3Client({ ...options, endpoint: s3.url, forcePathStyle: true })
    await bucket.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'hidden' }))
    const { Body } = await bucket.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))
    await Body?.transformToString()
    const functions = new LambdaClient({ ...options, endpoint: lambda.url })
    await functions.send(new InvokeCommand({ FunctionName: 'f', Payload: 'hidden' }))
  })
  const spans = await engine.below('one', 4)
  expect(spans.map(({ name, details: { aws, http } }) => [name, aws?.operation, aws?.requestId, http?.status])).toEqual(
    [
      ['DynamoDB', 'GetItem', 'R1', 200],
      ['S3', 'PutObject', 'R2', 200],
      ['S3', 'GetObject', 'R2', 200],
      ['Lambda', 'Invoke', undefined, 200],
    ],
  )
  const sent = [dynamo, s3, lambda].flatMap(({ requests }) => requests)
  expect(sent.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual(spans.map(({ id }) => headerOf(id)))
})

test('a large body, which waits for a go-ahead', async () => {
  await using s3 = await startSignedWeb('s3', (_, response) => response.end())
  const bucket = new S3Client({ region, credentials, endpoint: s3.url, forcePathStyle: true })
  const Body = Buffer.alloc(5_000_000)
  await engine.within('one', () => bucket.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body })))
  expect(await engine.below('one', 1)).toMatchObject([{ name: 'S3', details: { http: { status: 200 } } }])
  expect(s3.requests[0]?.headers.expect).toBe('100-continue')
})

test('attempts are shown one by one, as the wire has them', async () => {
  await using aws = await startAws()
  const { endpoint, region, credentials } = aws
  aws.secrets.create('prod/db', 'hidden')
  aws.fail('GetSecretValue', { error: 'ThrottlingException', times: 1 })
  const secrets = new SecretsManagerClient({ endpoint, region, credentials })
  await engine.within('one', () => secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' })))
  const spans = await engine.below('one', 2)
  expect(spans.map(({ failure }) => failure?.as)).toEqual(['throttle', undefined])
})

test('the Parameters and Secrets extension, which has no node on the map', async () => {
  await using aws = await startAws()
  aws.secrets.create('prod/db', 'hidden')
  vi.stubEnv('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT', String(aws.extension.port))
  const other = recorder()
  capture(other)
  await other.within('one', async () => {
    const url = `http://localhost:${aws.extension.port}/secretsmanager/get?secretId=prod/db`
    const headers = { 'x-aws-parameters-secrets-token': aws.credentials.sessionToken as string }
    expect((await fetch(url, { headers })).status).toBe(200)
  })
  expect(await other.below('one', 1)).toMatchObject([
    { name: 'Parameters and Secrets extension', kind: 'own', details: { http: { status: 200 } } },
  ])
})

const known: readonly [host: string, path: string, headers: Record<string, string>, expected: unknown][] = [
  ['orders.s3.eu-west-1.amazonaws.com', '/k?X-Amz-Signature=0', {}, { service: 'S3', region: 'eu-west-1' }],
  ['s3.dualstack.eu-west-1.amazonaws.com', '/', {}, { service: 'S3', region: 'eu-west-1' }],
  ['orders.s3.amazonaws.com', '/', {}, { service: 'S3' }],
  ['sqs.us-gov-west-1.amazonaws.com', '/', {}, { service: 'SQS', region: 'us-gov-west-1' }],
  ['dynamodb.cn-north-1.amazonaws.com.cn', '/', {}, { service: 'DynamoDB', region: 'cn-north-1' }],
  ['kms-fips.us-east-1.amazonaws.com', '/', {}, { service: 'KMS', region: 'us-east-1' }],
  ['123456789012.ddb.eu-west-1.amazonaws.com', '/', {}, { service: 'DynamoDB', region: 'eu-west-1' }],
  ['ssm.eu-west-1.api.aws', '/', {}, { service: 'SSM', region: 'eu-west-1' }],
  ['abc.execute-api.eu-west-1.amazonaws.com', '/', {}, undefined],
  ['abc.execute-api.eu-west-1.amazonaws.com', '/', signedFor('execute-api'), undefined],
  ['abc.lambda-url.eu-west-1.on.aws', '/', signedFor('lambda'), undefined],
  ['orders-1.eu-west-1.elb.amazonaws.com', '/', {}, undefined],
  ['orders.abc.eu-west-1.rds.amazonaws.com', '/', {}, undefined],
  ['s3.eu-west-1.amazonaws.com.evil.example', '/', {}, undefined],
  ['amazonaws.com', '/', {}, undefined],
  ['localhost:4566', '/', signedFor('states'), { service: 'SFN', region: 'eu-west-1' }],
  ['localhost:4566', '/', signedFor('new-thing'), { service: 'NewThing', region: 'eu-west-1' }],
  ['localhost:4566', '/', signedFor('constructor'), { service: 'Constructor', region: 'eu-west-1' }],
  [
    'monitoring.eu-west-1.amazonaws.com',
    '/service/GraniteServiceVersion20100801/operation/PutMetricData',
    {},
    { service: 'CloudWatch', operation: 'PutMetricData', region: 'eu-west-1' },
  ],
  [
    's3.amazonaws.com',
    '/',
    {
      authorization: 'AWS4-ECDSA-P256-SHA256 Credential=AKID/20260101/s3/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-region-set': '*',
    },
    { service: 'S3', region: '*' },
  ],
  ['localhost', '/', { authorization: 'Bearer AWS4-HMAC-SHA256 Credential=a/20260101/x/y/aws4_request' }, undefined],
]
function signedFor(service: string) {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  }
}

test.each(known)('what %s%s is known for', (host, path, headers, expected) => {
  expect(awsCallOf({ method: 'GET', protocol: 'https:', host, path, header: (name) => headers[name] })).toEqual(
    expected,
  )
})

test('ListBuckets, which the wire does not tell', async () => {
  await using s3 = await startSignedWeb('s3', (_, response) => response.end('<ListAllMyBucketsResult/>'))
  const client = new S3Client({ region, credentials, endpoint: s3.url })
  await engine.within('one', () => client.send(new ListBucketsCommand()))
  expect(await engine.below('one', 1)).toMatchObject([{ name: 'S3', details: { http: { status: 200 } } }])
})
