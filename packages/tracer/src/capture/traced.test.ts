import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { startAws } from 'test-aws'
import { afterEach, expect, test, vi } from 'vitest'
import { headerOf, recorder } from '../../test/recorder.ts'
import { credentials, region, startSignedWeb } from '../../test/signed-web.ts'
import { startWeb } from '../../test/web.ts'
import { capture } from './capture.ts'
import { traced } from './traced.ts'

const engine = recorder()
capture(engine, { withoutHeaders: ['127.0.0.1'] })

afterEach(() => {
  vi.unstubAllEnvs()
  engine.spans.length = 0
})

test('operations that the wire does not tell, buckets and functions; the signature holds', async () => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders')
  vi.stubEnv('_X_AMZN_TRACE_ID', headerOf('0123456789abcdef'))
  await using s3 = await startSignedWeb('s3', (request, response) => {
    response.setHeader('x-amz-request-id', 'R1')
    response.end(request.url?.startsWith('/?') ? '<ListAllMyBucketsResult/>' : 'hello')
  })
  await using lambda = await startSignedWeb('lambda', (_, response) =>
    response.writeHead(200, { 'x-amzn-requestid': 'R2' }).end('{}'),
  )
  const buckets = traced(new S3Client({ region, credentials, endpoint: s3.url, forcePathStyle: true }))
  const functions = traced(new LambdaClient({ region, credentials, endpoint: lambda.url }))
  await engine.within('one', async () => {
    await buckets.send(new ListBucketsCommand())
    const { Body } = await buckets.send(new GetObjectCommand({ Bucket: 'b', Key: 'hidden' }))
    expect(await Body?.transformToString()).toBe('hello')
    await buckets.send(new PutObjectCommand({ Bucket: 'b', Key: 'hidden', Body: Buffer.alloc(5_000_000) }))
    await functions.send(new InvokeCommand({ FunctionName: 'f', Payload: 'hidden' }))
  })
  const spans = await engine.below('one', 4)
  expect(spans).toMatchObject([
    { name: 'S3', details: { aws: { operation: 'ListBuckets', region, requestId: 'R1', retries: 0 } } },
    { name: 'S3', details: { aws: { operation: 'GetObject', resources: { bucket_name: 'b' } }, http: { length: 5 } } },
    { name: 'S3', details: { aws: { operation: 'PutObject', resources: { bucket_name: 'b' } } } },
    {
      name: 'Lambda',
      kind: 'aws',
      details: {
        aws: { operation: 'Invoke', requestId: 'R2', resources: { function_name: 'f' } },
        http: { status: 200 },
      },
    },
  ])
  // Each once, and with its own span's header, also where the body waits for a go-ahead.
  expect(engine.spans).toHaveLength(5)
  const sent = [s3, lambda].flatMap(({ requests }) => requests)
  expect(sent.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual(spans.map(({ id }) => headerOf(id)))
  expect(JSON.stringify(engine.spans)).not.toContain('hidden')
})

test('tables, also of batches, transactions and the document client', async () => {
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  const client = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
  const documents = DynamoDBDocumentClient.from(client)
  const Key = { id: 'hidden' }
  await engine.within('one', async () => {
    await client.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'hidden' } } }))
    await client.send(new BatchGetItemCommand({ RequestItems: { a: { Keys: [] }, b: { Keys: [] } } }))
    await documents.send(new GetCommand({ TableName: 'orders', Key }))
    const items = ['a', 'a', 'c'].map((TableName) => ({ Delete: { TableName, Key } }))
    await documents.send(new TransactWriteCommand({ TransactItems: items }))
  })
  const spans = await engine.below('one', 4)
  expect(spans.map(({ name, details: { aws } }) => [name, aws?.operation, aws?.resources])).toEqual([
    ['DynamoDB', 'GetItem', { table_name: 'orders' }],
    ['DynamoDB', 'BatchGetItem', { table_names: ['a', 'b'] }],
    ['DynamoDB', 'GetItem', { table_name: 'orders' }],
    ['DynamoDB', 'TransactWriteItems', { table_names: ['a', 'c'] }],
  ])
  expect(engine.spans).toHaveLength(5)
  expect(JSON.stringify(engine.spans)).not.toContain('hidden')
})

test('how often it was tried, and what it failed with', async () => {
  await using aws = await startAws()
  const { endpoint, region, credentials } = aws
  aws.secrets.create('prod/db', 'hidden')
  const secrets = traced(traced(new SecretsManagerClient({ endpoint, region, credentials })))
  await engine.within('one', async () => {
    aws.fail('GetSecretValue', { error: 'ThrottlingException', times: 1 })
    await secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' }))
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toThrow()
    aws.fail('GetSecretValue', { error: 'ThrottlingException', times: 3 })
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' }))).rejects.toThrow()
    await aws.down()
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'prod/db' }))).rejects.toThrow()
  })
  const spans = await engine.below('one', 4)
  expect(spans.map(({ details: { aws, http }, failure }) => [http?.status, aws?.retries, failure?.as])).toEqual([
    [200, 1, undefined],
    [400, 0, 'error'],
    [400, 2, 'throttle'],
    [undefined, 2, 'fault'],
  ])
  expect(spans.map(({ failure }) => (failure?.error as Error | undefined)?.name)).toEqual([
    undefined,
    'ResourceNotFoundException',
    'ThrottlingException',
    expect.stringMatching(/Error$/),
  ])
  expect(spans[0]?.details.aws?.resources).toEqual({ resource_names: ['prod/db'] })
  expect(engine.spans).toHaveLength(5)
})

test('credentials that have to be fetched for it are shown below it', async () => {
  await using web = await startWeb((_, response) => response.end())
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  const client = traced(
    new DynamoDBClient({
      region,
      endpoint: dynamo.url,
      credentials: async () => {
        await fetch(web.url)
        return credentials
      },
    }),
  )
  await engine.within('one', () => client.send(new GetItemCommand({ TableName: 't', Key: {} })))
  const [span] = await engine.below('one', 1)
  expect(engine.spans.filter(({ parent }) => parent === span?.id)).toMatchObject([
    { name: 'localhost', kind: 'remote' },
  ])
})

test("where the trace is not to be told, and where the user's header is", async () => {
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  const client = traced(new DynamoDBClient({ region, credentials, endpoint: `http://localhost:${dynamo.port}` }))
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, { 'X-Amzn-Trace-Id': 'Root=mine' })
      return next(args)
    },
    { step: 'build' },
  )
  const untold = traced(new DynamoDBClient({ region, credentials, endpoint: `http://127.0.0.1:${dynamo.port}` }))
  await engine.within('one', () => client.send(new GetItemCommand({ TableName: 't', Key: {} })))
  await engine.within('two', () => untold.send(new GetItemCommand({ TableName: 't', Key: {} })))
  expect(dynamo.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual(['Root=mine', undefined])
  expect(engine.spans.map(({ name }) => name)).toEqual(['one', 'DynamoDB', 'two', 'DynamoDB'])
})

test('a client without a region fails as it would, and is shown', async () => {
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined)
  const client = traced(new DynamoDBClient({ credentials }))
  const sent = engine.within('one', () => client.send(new GetItemCommand({ TableName: 't', Key: {} })))
  await expect(sent).rejects.toThrow('Region is missing')
  expect(await engine.below('one', 1)).toMatchObject([{ name: 'DynamoDB', failure: { as: 'fault' } }])
})

test('where nothing is traced it is as if it were not there', async () => {
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => response.end('{}'))
  const client = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
  await client.send(new GetItemCommand({ TableName: 't', Key: {} }))
  expect(engine.spans).toEqual([])
  expect(dynamo.requests[0]?.headers).not.toHaveProperty('x-amzn-trace-id')
})

test('64 at once, each below its own', async () => {
  await using dynamo = await startSignedWeb('dynamodb', (_, response) => {
    setTimeout(() => response.end('{}'), Math.random() * 5)
  })
  const client = traced(new DynamoDBClient({ region, credentials, endpoint: dynamo.url }))
  const all = Array.from({ length: 64 }, (_, i) =>
    engine.within(`branch ${i}`, () =>
      Promise.all(['a', 'b'].map((it) => client.send(new GetItemCommand({ TableName: `${it}-${i}`, Key: {} })))),
    ),
  )
  await Promise.all(all)
  for (let i = 0; i < 64; i++) {
    const spans = await engine.below(`branch ${i}`, 2)
    expect(spans.map(({ details }) => details.aws?.resources?.table_name)).toEqual([`a-${i}`, `b-${i}`])
  }
  expect(engine.spans).toHaveLength(3 * 64)
})

test('what is thrown reaches the caller as it is, also where it cannot be looked at', async () => {
  const hostile = Object.defineProperty(new Error('mine'), '$response', {
    get: () => {
      throw new Error('of the getter')
    },
  })
  const s3 = traced(new S3Client({ region, credentials }))
  s3.middlewareStack.add(
    () => async () => {
      throw hostile
    },
    { step: 'build' },
  )
  await engine.within('hostile', async () => {
    await expect(s3.send(new ListBucketsCommand())).rejects.toBe(hostile)
  })
  expect(await engine.below('hostile', 1)).toMatchObject([{ name: 'S3', failure: { as: 'fault' } }])
})
