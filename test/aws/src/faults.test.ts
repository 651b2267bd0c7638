import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { type Aws, startAws } from './index.ts'

function readersOf({ endpoint, region, credentials }: Aws, maxAttempts = 1) {
  const options = { endpoint, region, credentials, maxAttempts }
  const secrets = new SecretsManagerClient(options)
  const ssm = new SSMClient(options)
  return {
    secret: async (SecretId = 's', abortSignal?: AbortSignal) =>
      (await secrets.send(new GetSecretValueCommand({ SecretId }), { ...(abortSignal && { abortSignal }) }))
        .SecretString,
    parameter: async (Name = 'p') => (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value,
  }
}

async function started(): Promise<Aws> {
  const aws = await startAws()
  aws.secrets.create('s', 'secret')
  aws.parameters.put('p', 'parameter')
  return aws
}

test('an error, so often as is said, which the SDK tries again', async () => {
  await using aws = await started()
  aws.fail('GetSecretValue', { error: 'InternalServiceError', status: 500, times: 2 })
  expect(await readersOf(aws, 3).secret()).toBe('secret')
  expect(aws.calls.map(({ error }) => error)).toEqual(['InternalServiceError', 'InternalServiceError', undefined])
})

test('an error of a status, for one operation or as a function decides, until it is lifted', async () => {
  await using aws = await started()
  const { secret, parameter } = readersOf(aws)
  const lift = aws.fail('ssm:GetParameter', { error: 'InternalServerError', message: 'Sorry', status: 500 })
  await expect(parameter()).rejects.toMatchObject({
    name: 'InternalServerError',
    message: 'Sorry',
    $metadata: { httpStatusCode: 500 },
  })
  expect(await secret()).toBe('secret')
  lift()
  expect(await parameter()).toBe('parameter')

  aws.fail(({ input }) => input.SecretId === 's', { error: 'InternalServiceError', status: 500 })
  await expect(secret()).rejects.toMatchObject({ name: 'InternalServiceError' })
  await expect(secret('other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  aws.heal()
  expect(await secret()).toBe('secret')
})

test('an answer that comes late, or never', async () => {
  await using aws = await started()
  const { secret, parameter } = readersOf(aws)
  const order: string[] = []
  const lift = aws.fail('GetSecretValue', { delay: 1000 })
  const late = secret().then(() => order.push('secret'))
  await Promise.all([late, parameter().then(() => order.push('parameter'))])
  expect(order).toEqual(['parameter', 'secret'])
  lift()

  aws.fail('*', { hang: true, times: 1 })
  await expect(secret('s', AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'AbortError' })
  expect(await secret()).toBe('secret')
})

test('a connection that is reset, and an answer that is nonsense', async () => {
  await using aws = await started()
  const { secret } = readersOf(aws)
  aws.fail('*', { reset: true, times: 1 })
  await expect(secret()).rejects.toMatchObject({ code: 'ECONNRESET' })
  aws.fail('*', { garbage: true, times: 1 })
  await expect(secret()).rejects.toBeInstanceOf(SyntaxError)
  expect(await secret()).toBe('secret')
})

test('faults follow one another, and a delay is before any of them', async () => {
  await using aws = await started()
  const { secret } = readersOf(aws)
  aws.fail('*', { delay: 1 })
  aws.fail('*', { error: 'ThrottlingException', times: 1 })
  aws.fail('*', { error: 'InternalServiceError', times: 1 })
  await expect(secret()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' })
  await expect(secret()).rejects.toMatchObject({ name: 'InternalServiceError' })
  expect(await secret()).toBe('secret')
})

test('the endpoint goes away and comes back, and connections are made anew', async () => {
  await using aws = await started()
  const { secret } = readersOf(aws)
  await secret()
  await secret()
  expect(aws.connections).toBe(1)
  aws.dropConnections()
  await expect.poll(() => secret().catch(() => 'dropped')).toBe('secret')
  expect(aws.connections).toBe(2)
  const { endpoint } = aws
  await aws.down()
  await expect.poll(() => secret().catch((error) => error.code)).toBe('ECONNREFUSED')
  await aws.up()
  expect(aws.endpoint).toBe(endpoint)
  expect(await secret()).toBe('secret')
})

test('closing lets go of those that still wait', async () => {
  const aws = await started()
  aws.fail('*', { hang: true })
  const waiting = readersOf(aws).secret()
  waiting.catch(() => {})
  await expect.poll(() => aws.calls.length).toBe(1)
  await aws.close()
  await expect(waiting).rejects.toThrow()
})

test('every call is remembered, with what came of it', async () => {
  await using aws = await started()
  const { secret, parameter } = readersOf(aws)
  await secret()
  await secret('missing').catch(() => {})
  await parameter()
  expect(aws.calls.map(({ service, operation, input, error }) => [service, operation, input, error])).toEqual([
    ['secretsmanager', 'GetSecretValue', { SecretId: 's' }, undefined],
    ['secretsmanager', 'GetSecretValue', { SecretId: 'missing' }, 'ResourceNotFoundException'],
    ['ssm', 'GetParameter', { Name: 'p' }, undefined],
  ])
  expect(aws.calls[0]).toMatchObject({
    identity: `arn:aws:sts::123456789012:assumed-role/function-role/${aws.credentials.accessKeyId}`,
    at: expect.any(Number),
  })
  expect(aws.calls.of('GetParameter')).toHaveLength(1)
  aws.calls.clear()
  expect([...aws.calls]).toEqual([])
})

test('a denied secret is denied by name, by ARN and by pattern', async () => {
  await using aws = await started()
  const { secret } = readersOf(aws)
  const { arn } = aws.secrets.find('s')
  for (const resource of ['s', arn, 'arn:aws:secretsmanager:*', '?']) {
    const lift = aws.deny('secretsmanager:GetSecretValue', resource)
    await expect(secret()).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } })
    await expect(secret(arn)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    lift()
    expect(await secret()).toBe('secret')
  }
  // Who may not read does not learn what exists.
  aws.deny('secretsmanager:*', '*')
  await expect(secret('missing')).rejects.toMatchObject({ name: 'AccessDeniedException' })
})
