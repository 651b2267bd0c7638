import { request as httpRequest } from 'node:http'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { type Aws, type Credentials, startAws } from './index.ts'

function get(aws: Aws, other: { credentials?: Credentials; region?: string; systemClockOffset?: number } = {}) {
  const { endpoint, region, credentials } = aws
  const client = new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1, ...other })
  return client.send(new GetSecretValueCommand({ SecretId: 's' }))
}

async function started(): Promise<Aws> {
  const aws = await startAws()
  aws.secrets.create('s', 'secret')
  return aws
}

test('wrong credentials, a wrong region and a wrong clock are refused, and remembered without an identity', async () => {
  await using aws = await started()
  const { accessKeyId, secretAccessKey } = aws.credentials
  const wrong = { ...aws.credentials, secretAccessKey: 'wrong' }
  await expect(get(aws, { credentials: wrong })).rejects.toMatchObject({
    name: 'InvalidSignatureException',
    message: expect.stringContaining('does not match the signature you provided'),
  })
  const unrecognized = { name: 'UnrecognizedClientException' }
  await expect(get(aws, { credentials: { accessKeyId, secretAccessKey } })).rejects.toMatchObject(unrecognized)
  await expect(get(aws, { region: 'us-east-1' })).rejects.toThrow('Credential should be scoped to a valid region')
  await expect(get(aws, { systemClockOffset: -3_600_000 })).rejects.toThrow('Signature expired')
  expect(aws.calls.map(({ identity, error }) => [identity, error])).toEqual([
    [undefined, 'InvalidSignatureException'],
    [undefined, 'UnrecognizedClientException'],
    [undefined, 'InvalidSignatureException'],
    [undefined, 'InvalidSignatureException'],
  ])
})

test('credentials expire, and others come', async () => {
  await using aws = await started()
  const old = aws.credentials
  const next = { accessKeyId: 'AKIDNEXT', secretAccessKey: 'next' }
  aws.expireCredentials()
  const expired = { name: 'ExpiredTokenException', message: 'The security token included in the request is expired' }
  await expect(get(aws, { credentials: old })).rejects.toMatchObject(expired)
  await expect(get(aws, { credentials: { ...old, sessionToken: 'expired' } })).rejects.toMatchObject(expired)
  aws.addCredentials(next)
  expect(aws.environment).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIDNEXT', AWS_SECRET_ACCESS_KEY: 'next' })
  expect(aws.environment).not.toHaveProperty('AWS_SESSION_TOKEN')
  expect((await get(aws)).SecretString).toBe('secret')
  expect(aws.calls.at(-1)?.identity).toBe('arn:aws:iam::123456789012:user/AKIDNEXT')
  await expect(get(aws, { credentials: old })).rejects.toMatchObject(expired)
})

/** As no SDK would send it. */
function post(aws: Aws, headers: Record<string, string>, body = '{}', path = '/') {
  return new Promise<{ status: number | undefined; type: unknown; said: unknown }>((done, failed) => {
    const sent = httpRequest(`${aws.endpoint}${path}`, { method: 'POST', headers }, async (response) => {
      const said = (await response.toArray()).join('')
      done({ status: response.statusCode, type: response.headers['x-amzn-errortype'], said: JSON.parse(said) })
    })
    sent.on('error', failed).end(body)
  })
}

test('what is no signed request of the JSON protocol is refused in the shape of an error', async () => {
  await using aws = await started()
  const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' }
  expect(await post(aws, json)).toEqual({
    status: 400,
    type: 'MissingAuthenticationTokenException',
    said: { __type: 'MissingAuthenticationTokenException', Message: 'Missing Authentication Token' },
  })
  expect(await post(aws, json, '[]')).toMatchObject({ type: 'SerializationException' })
  expect(await post(aws, json, '{')).toMatchObject({ type: 'SerializationException' })
  expect(await post(aws, { ...json, 'content-type': 'text/plain' })).toMatchObject({
    said: { __type: 'UnknownOperationException' },
  })
  expect(await post(aws, { ...json, 'x-amz-target': 'DynamoDB_20120810.GetItem' })).toMatchObject({
    status: 400,
    said: { __type: 'UnknownOperationException' },
  })
  const cbor = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }
  const path = '/service/secretsmanager/operation/GetSecretValue'
  expect(await post(aws, cbor, '{}', path)).toMatchObject({
    status: 400,
    said: { message: expect.stringContaining('not rpc-v2-cbor') },
  })
})

test('an operation that is not known is refused, and so is input of the wrong type', async () => {
  await using aws = await started()
  const { endpoint, region, credentials } = aws
  const client = new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 })
  const { ListSecretsCommand } = await import('@aws-sdk/client-secrets-manager')
  await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: 'test-aws does not know secretsmanager:ListSecrets.',
  })
  const odd = (SecretId: unknown) => client.send(new GetSecretValueCommand({ SecretId: SecretId as string }))
  await expect(odd(7)).rejects.toMatchObject({ name: 'SerializationException', message: 'SecretId must be a string' })
  await expect(odd(undefined)).rejects.toThrow("Value null at 'secretId' failed to satisfy constraint")
})
