import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  BatchGetSecretValueCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { GetParametersByPathCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Aws, startAws } from './start.ts'

let aws: Aws
beforeAll(async () => {
  aws = await startAws()
})
afterAll(() => aws.close())
beforeEach(() => {
  aws.heal()
  aws.calls.length = 0
})

const options = () => ({ endpoint: aws.endpoint, region: aws.region, credentials: aws.credentials, maxAttempts: 1 })
let names = 0
const fresh = (value: Parameters<Aws['secrets']['create']>[1]) => {
  const name = `prod/secret-${++names}`
  aws.secrets.create(name, value)
  return name
}

describe('Secrets Manager', () => {
  const get = (SecretId: string, more: object = {}, client: object = {}) =>
    new SecretsManagerClient({ ...options(), ...client }).send(new GetSecretValueCommand({ SecretId, ...more }))

  test('gives a text, JSON and bytes to the SDK', async () => {
    expect((await get(fresh('hush'))).SecretString).toBe('hush')
    expect((await get(fresh({ a: 1 }))).SecretString).toBe('{"a":1}')
    expect((await get(fresh(new Uint8Array([1, 2])))).SecretBinary).toEqual(new Uint8Array([1, 2]))
    expect(aws.calls).toMatchObject([{ operation: 'GetSecretValue' }, {}, {}])
  })

  test('moves stages as the service does', async () => {
    const name = fresh('one')
    const client = new SecretsManagerClient(options())
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'two' }))
    expect((await get(name)).SecretString).toBe('two')
    expect((await get(name, { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one')
    await expect(get(name, { VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
    })
    const id = aws.secrets.put(name, 'three', ['AWSPENDING'])
    expect((await get(name, { VersionStage: 'AWSPENDING' })).SecretString).toBe('three')
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId: name, VersionStage: 'AWSCURRENT', MoveToVersionId: id }),
    )
    expect((await get(name)).SecretString).toBe('three')
    expect((await get(name, { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('two')
    expect((await get(name, { VersionId: id })).VersionStages).toEqual(['AWSPENDING', 'AWSCURRENT'])
    aws.secrets.finish(name)
    expect((await get(name, { VersionId: id })).VersionStages).toEqual(['AWSCURRENT'])
  })

  test('gives several at once, and says which are not there', async () => {
    const name = fresh('one')
    const batch = await new SecretsManagerClient(options()).send(
      new BatchGetSecretValueCommand({ SecretIdList: [name, 'nope'] }),
    )
    expect(batch.SecretValues).toMatchObject([{ Name: name, SecretString: 'one' }])
    expect(batch.Errors).toEqual([
      {
        SecretId: 'nope',
        ErrorCode: 'ResourceNotFoundException',
        Message: "Secrets Manager can't find the specified secret.",
      },
    ])
  })

  test('takes no request that is not signed by its credentials', async () => {
    const name = fresh('hush')
    const wrong = (credentials: object, more: object = {}) =>
      get(name, {}, { credentials: { ...aws.credentials, ...credentials }, ...more }).catch((error) => error.name)
    expect(await wrong({})).toMatchObject({ SecretString: 'hush' })
    expect(await wrong({ secretAccessKey: 'other' })).toBe('InvalidSignatureException')
    expect(await wrong({ accessKeyId: 'other' })).toBe('UnrecognizedClientException')
    expect(await wrong({ sessionToken: 'other' })).toBe('UnrecognizedClientException')
    expect(await wrong({ sessionToken: 'expired' })).toBe('ExpiredTokenException')
    expect(await wrong({}, { region: 'us-east-1' })).toBe('InvalidSignatureException')
    const bare = await fetch(aws.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    })
    expect([bare.status, bare.headers.get('x-amzn-errortype')]).toEqual([400, 'MissingAuthenticationTokenException'])
  })

  test('fails on the wire as it is told to', async () => {
    const name = fresh('hush')
    aws.fail('GetSecretValue', { error: 'ThrottlingException', times: 1 })
    await expect(get(name)).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' })
    expect((await get(name)).SecretString).toBe('hush')
    aws.fail(({ input }) => input.SecretId === name, { reset: true, times: 1 })
    await expect(get(name)).rejects.toMatchObject({ code: 'ECONNRESET' })
    aws.fail('GetSecretValue', { garbage: true, times: 1 })
    await expect(get(name)).rejects.toThrow(/JSON|token/i)
    aws.fail('GetSecretValue', { delay: 50, times: 1 })
    const started = Date.now()
    await get(name)
    expect(Date.now() - started).toBeGreaterThanOrEqual(49)
    aws.fail('GetSecretValue', { hang: true })
    await expect(
      new SecretsManagerClient(options()).send(new GetSecretValueCommand({ SecretId: name }), {
        abortSignal: AbortSignal.timeout(100),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' })
    aws.heal()
    aws.deny('GetSecretValue', name)
    await expect(get(name)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: secretsmanager:GetSecretValue on resource'),
    })
  })

  test('is spoken to by Powertools and by the AWS CLI', async () => {
    const name = fresh('hush')
    const provider = new SecretsProvider({ clientConfig: options() })
    expect(await provider.get(name)).toBe('hush')
    const { stdout } = await promisify(execFile)(
      'aws',
      ['secretsmanager', 'get-secret-value', '--secret-id', name, '--query', 'SecretString', '--output', 'text'],
      { env: { ...process.env, ...aws.environment } },
    )
    expect(stdout).toBe('hush\n')
  })
})

describe('Parameter Store', () => {
  const client = () => new SSMClient(options())

  test('gives up to ten parameters by name, version and label', async () => {
    aws.parameters.put('/app/url', 'one')
    aws.parameters.put('/app/url', 'two')
    aws.parameters.label('/app/url', 1, 'old')
    aws.parameters.put('/app/key', 'hush', 'SecureString')
    const get = (Names: string[], WithDecryption?: boolean) =>
      client().send(new GetParametersCommand({ Names, ...(WithDecryption && { WithDecryption }) }))
    const { Parameters, InvalidParameters } = await get(
      ['/app/url', '/app/url:1', '/app/url:old', '/app/key', '/nope'],
      true,
    )
    expect(Parameters?.map(({ Value }) => Value)).toEqual(['two', 'one', 'one', 'hush'])
    expect(InvalidParameters).toEqual(['/nope'])
    expect((await get(['/app/key'])).Parameters?.[0]?.Value).not.toBe('hush')
    await expect(get(Array.from({ length: 11 }, (_, i) => `/p${i}`))).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })

  test('gives what is below a path, page by page', async () => {
    for (let i = 10; i < 33; i++) aws.parameters.put(`/tree/${i}${i % 2 ? '/deep' : ''}`, String(i))
    const page = (more: object) => client().send(new GetParametersByPathCommand({ Path: '/tree', ...more }))
    const first = await page({ Recursive: true })
    expect([first.Parameters?.length, first.NextToken]).toEqual([10, '10'])
    const third = await page({ Recursive: true, NextToken: '20' })
    expect([third.Parameters?.length, third.NextToken]).toEqual([3, undefined])
    expect((await page({})).Parameters?.every(({ Name }) => !Name?.includes('deep'))).toBe(true)
  })
})

test('KMS decrypts what it encrypted, in the same context alone', async () => {
  const client = new KMSClient(options())
  const context = { LambdaFunctionName: 'orders' }
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: aws.kms.keyId, Plaintext: Buffer.from('hush'), EncryptionContext: context }),
  )
  const decrypt = (EncryptionContext?: Record<string, string>) =>
    client.send(new DecryptCommand({ CiphertextBlob, ...(EncryptionContext && { EncryptionContext }) }))
  expect(Buffer.from((await decrypt(context)).Plaintext ?? []).toString()).toBe('hush')
  await expect(decrypt()).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
})

describe('the extension', () => {
  const get = (path: string, token = aws.credentials.sessionToken) =>
    fetch(`http://127.0.0.1:${aws.extension.port}${path}`, {
      headers: token ? { 'x-aws-parameters-secrets-token': token } : {},
    })

  test('gives secrets and parameters to who has the session token', async () => {
    const name = encodeURIComponent(fresh('hush'))
    aws.parameters.put('/ext', 'one', 'SecureString')
    expect(await (await get(`/secretsmanager/get?secretId=${name}`)).json()).toMatchObject({ SecretString: 'hush' })
    expect(await (await get('/systemsmanager/parameters/get?name=%2Fext&withDecryption=true')).json()).toMatchObject({
      Parameter: { Value: 'one' },
    })
    expect((await get(`/secretsmanager/get?secretId=${name}`, '')).status).toBe(401)
    expect((await get(`/secretsmanager/get?secretId=${name}`, 'other')).status).toBe(403)
    const missing = await get('/secretsmanager/get?secretId=nope')
    expect([missing.status, await missing.text()]).toEqual([400, expect.stringContaining('ResourceNotFoundException')])
  })

  test('is not there for the INIT phase', async () => {
    aws.extension.ready = false
    const answer = await get('/secretsmanager/get?secretId=any')
    expect([answer.status, await answer.text()]).toEqual([400, 'not ready to serve traffic, please wait'])
    aws.extension.ready = true
  })
})
