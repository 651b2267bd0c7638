import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { type Aws, startAws } from './index.ts'

function clientOf(aws: Aws): SecretsManagerClient {
  const { endpoint, region, credentials } = aws
  return new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 })
}

test('a secret is found by name, ARN and ARN without its suffix, with every kind of value', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const secret = aws.secrets.create('prod/db', { username: 'app', password: 'p' })
  const { arn } = secret
  aws.secrets.create('binary', new Uint8Array([0, 255]))
  for (const SecretId of ['prod/db', arn, arn.slice(0, -7)]) {
    const found = await client.send(new GetSecretValueCommand({ SecretId }))
    expect(found).toMatchObject({ ARN: arn, Name: 'prod/db', VersionStages: ['AWSCURRENT'] })
    expect(found.SecretString).toBe('{"username":"app","password":"p"}')
    expect(found.CreatedDate).toEqual(secret.version().created)
  }
  const { SecretBinary, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'binary' }))
  expect([[...(SecretBinary ?? [])], SecretString]).toEqual([[0, 255], undefined])
  const missing = client.send(new GetSecretValueCommand({ SecretId: 'nowhere' }))
  await expect(missing).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[\da-f-]{36}$/) },
  })
})

test('staging labels move as in a rotation', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  const get = async (VersionStage?: string, VersionId?: string) =>
    (await client.send(new GetSecretValueCommand({ SecretId: 's', VersionStage, VersionId }))).SecretString
  const { VersionId: first } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'one' }))
  const pending = await client.send(
    new PutSecretValueCommand({ SecretId: 's', SecretString: 'two', VersionStages: ['AWSPENDING'] }),
  )
  expect([await get(), await get('AWSPENDING')]).toEqual(['one', 'two'])
  await expect(get('AWSPREVIOUS')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
  })

  const stage = { SecretId: 's', VersionStage: 'AWSCURRENT', MoveToVersionId: pending.VersionId }
  await expect(client.send(new UpdateSecretVersionStageCommand(stage))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(`currently attached to version ${first}`),
  })
  await client.send(new UpdateSecretVersionStageCommand({ ...stage, RemoveFromVersionId: first }))
  expect([await get(), await get('AWSPREVIOUS'), await get(undefined, first)]).toEqual(['two', 'one', 'one'])
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 's' }))
  expect(VersionIdsToStages).toEqual({
    [pending.VersionId ?? '']: ['AWSPENDING', 'AWSCURRENT'],
    [first ?? '']: ['AWSPREVIOUS'],
  })

  aws.secrets.put('s', 'three')
  expect([await get(), await get('AWSPREVIOUS'), await get('AWSPENDING')]).toEqual(['three', 'two', 'two'])
  await expect(get('AWSCURRENT', first)).rejects.toMatchObject({ name: 'InvalidRequestException' })
})

test('a token makes PutSecretValue idempotent', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  aws.secrets.create('s', 'one')
  const put = (SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId: 's', SecretString, ClientRequestToken: 'a'.repeat(32) }))
  expect((await put('two')).VersionId).toBe((await put('two')).VersionId)
  await expect(put('other')).rejects.toMatchObject({ name: 'ResourceExistsException' })
})

test('what is marked for deletion is no longer given, and its name is not free', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  aws.secrets.create('s', 'one')
  await client.send(new DeleteSecretCommand({ SecretId: 's' }))
  const marked = {
    name: 'InvalidRequestException',
    message: "You can't perform this operation on the secret because it was marked for deletion.",
  }
  await expect(client.send(new GetSecretValueCommand({ SecretId: 's' }))).rejects.toMatchObject(marked)
  await expect(client.send(new CreateSecretCommand({ Name: 's' }))).rejects.toThrow('scheduled for deletion')
  aws.secrets.delete('s')
  await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'new' }))
  await expect(client.send(new CreateSecretCommand({ Name: 's' }))).rejects.toMatchObject({
    name: 'ResourceExistsException',
    message: 'The operation failed because the secret s already exists.',
  })
})

test('BatchGetSecretValue: values and errors, pages, at most 20, and permission for each', async () => {
  await using aws = await startAws()
  const client = clientOf(aws)
  for (const name of ['a', 'b', 'c']) aws.secrets.create(name, `value of ${name}`)
  aws.deny('secretsmanager:GetSecretValue', 'b')
  const batch = (SecretIdList?: string[], NextToken?: string) =>
    client.send(new BatchGetSecretValueCommand({ SecretIdList, NextToken }))
  const { SecretValues, Errors, NextToken } = await batch(['a', 'b', 'missing', 'c'])
  expect(SecretValues?.map(({ SecretString }) => SecretString)).toEqual(['value of a', 'value of c'])
  expect(Errors?.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode])).toEqual([
    ['b', 'AccessDeniedException'],
    ['missing', 'ResourceNotFoundException'],
  ])
  expect(NextToken).toBeUndefined()

  aws.secrets.batchPage = 1
  const page = await batch(['a', 'c'])
  expect(page.SecretValues?.map(({ Name }) => Name)).toEqual(['a'])
  const last = await batch(['a', 'c'], page.NextToken)
  expect([last.SecretValues?.map(({ Name }) => Name), last.NextToken]).toEqual([['c'], undefined])

  await expect(batch(Array.from({ length: 21 }, (_, i) => `s${i}`))).rejects.toThrow('less than or equal to 20')
  await expect(batch()).rejects.toThrow('either SecretIdList or Filters')
  const filtered = client.send(new BatchGetSecretValueCommand({ Filters: [{ Key: 'name', Values: ['a'] }] }))
  await expect(filtered).rejects.toThrow('does not know Filters')
  aws.deny('secretsmanager:BatchGetSecretValue')
  await expect(batch(['a'])).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /^User: arn:aws:sts::123456789012:assumed-role\/\S+ is not authorized to perform: secretsmanager:BatchGetSecretValue on resource: \* because no identity-based policy allows the secretsmanager:BatchGetSecretValue action$/,
    ),
  })
})
