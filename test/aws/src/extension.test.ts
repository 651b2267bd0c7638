import { expect, test } from 'vitest'
import { type Aws, startAws } from './index.ts'

async function started() {
  const aws = await startAws()
  aws.secrets.create('prod/db', { password: 'one' })
  aws.parameters.put('/app/key', 'hunter2', { type: 'SecureString', labels: ['live'] })
  return aws
}

async function get(aws: Aws, path: string, query: Record<string, string>, token = aws.credentials.sessionToken ?? '') {
  const headers = { 'X-Aws-Parameters-Secrets-Token': token }
  const response = await fetch(`${aws.extension.url}${path}?${new URLSearchParams(query)}`, { headers })
  const body = await response.text()
  return { status: response.status, body, json: () => JSON.parse(body) }
}

const secret = (aws: Aws, query: Record<string, string> = {}) =>
  get(aws, '/secretsmanager/get', { secretId: 'prod/db', ...query })
const parameter = (aws: Aws, query: Record<string, string> = {}) =>
  get(aws, '/systemsmanager/parameters/get', { name: '/app/key', ...query })

test('secrets, by version and stage, written as a Go program writes them', async () => {
  await using aws = await started()
  expect((await secret(aws)).json()).toMatchObject({
    Name: 'prod/db',
    SecretString: '{"password":"one"}',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    ResultMetadata: {},
  })
  const id = aws.secrets.put('prod/db', { password: 'two' }, { stages: ['AWSPENDING'] })
  expect((await secret(aws, { versionStage: 'AWSPENDING' })).json().SecretString).toContain('two')
  expect((await secret(aws, { versionId: id })).json().VersionStages).toEqual(['AWSPENDING'])
})

test('parameters, by version and label, decrypted where that is asked for', async () => {
  await using aws = await started()
  const decrypted = await parameter(aws, { withDecryption: 'true', label: 'live' })
  expect(decrypted.json().Parameter).toMatchObject({
    Name: '/app/key',
    Value: 'hunter2',
    Version: 1,
    Selector: ':live',
  })
  expect((await parameter(aws, { version: '1' })).json().Parameter.Value).not.toBe('hunter2')
})

test('the token must be the session token', async () => {
  await using aws = await started()
  const refused = await get(aws, '/secretsmanager/get', { secretId: 'prod/db' }, 'wrong')
  expect([refused.status, refused.body]).toEqual([403, expect.not.stringContaining(aws.credentials.sessionToken ?? '')])
  expect((await fetch(`${aws.extension.url}/secretsmanager/get?secretId=prod/db`)).status).toBe(401)
  expect([...aws.calls]).toEqual([])
})

test('it serves nobody in the INIT phase', async () => {
  await using aws = await started()
  aws.extension.ready = false
  expect(await secret(aws)).toMatchObject({ status: 400, body: 'not ready to serve traffic, please wait' })
  aws.extension.ready = true
  expect((await secret(aws)).status).toBe(200)
})

test('what it has fetched it keeps, errors excepted', async () => {
  await using aws = await started()
  aws.extension.ttl = 300
  const failing = aws.fail('GetSecretValue', { error: 'ThrottlingException' })
  expect((await secret(aws)).status).toBe(400)
  failing()
  await secret(aws)
  aws.secrets.put('prod/db', { password: 'two' })
  expect((await secret(aws)).json().SecretString).toContain('one')
  expect(aws.calls.map(({ service, error }) => [service, error])).toEqual([
    ['extension', 'ThrottlingException'],
    ['extension', undefined],
  ])
  aws.extension.forget()
  expect((await secret(aws)).json().SecretString).toContain('two')
})

test('without a time to live, as by default here, it keeps nothing', async () => {
  await using aws = await started()
  await secret(aws)
  aws.secrets.put('prod/db', { password: 'two' })
  expect((await secret(aws)).json().SecretString).toContain('two')
})

test('what the service refuses it refuses, and says why', async () => {
  await using aws = await started()
  expect(await secret(aws, { secretId: 'missing' })).toMatchObject({
    status: 400,
    body: expect.stringContaining("ResourceNotFoundException: Secrets Manager can't find"),
  })
  aws.fail('GetParameter', { error: 'InternalServerError', status: 500 })
  expect(await parameter(aws)).toMatchObject({ status: 500, body: expect.stringContaining('InternalServerError') })
  aws.fail('GetSecretValue', { reset: true })
  await expect(secret(aws)).rejects.toThrow('fetch failed')
  expect((await get(aws, '/other', {})).status).toBe(404)
})
