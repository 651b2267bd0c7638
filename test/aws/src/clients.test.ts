import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm'
import { expect, test } from 'vitest'
import { type Aws, startAws } from './index.ts'

const installed = spawnSync('aws', ['--version']).status === 0
// On a developer's machine the AWS CLI may be missing. In CI it may not.
const withCli = test.runIf(installed || process.env.CI)

function cli(aws: Aws, ...words: string[]) {
  const env = {
    ...process.env,
    ...aws.environment,
    AWS_DEFAULT_REGION: aws.region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  }
  // Debian's CLI reads AWS_ENDPOINT_URL from 2.13 on only.
  return promisify(execFile)('aws', [...words, '--endpoint-url', aws.endpoint, '--output', 'json'], { env })
}

withCli('the AWS CLI: a secret, a parameter, an error', async () => {
  await using aws = await startAws()
  aws.secrets.create('prod/db', { password: 'p' })
  aws.parameters.put('/app/a', 'hunter2', { type: 'SecureString' })
  const [secret, parameters, missing] = await Promise.all([
    cli(aws, 'secretsmanager', 'get-secret-value', '--secret-id', 'prod/db'),
    cli(aws, 'ssm', 'get-parameters-by-path', '--path', '/app', '--with-decryption'),
    cli(aws, 'secretsmanager', 'get-secret-value', '--secret-id', 'missing').catch((error) => error),
  ])
  expect(JSON.parse(secret.stdout).SecretString).toBe('{"password":"p"}')
  expect(JSON.parse(parameters.stdout).Parameters[0].Value).toBe('hunter2')
  expect(missing.stderr).toContain(
    `An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret.`,
  )
})

test("Powertools' parameters", async () => {
  await using aws = await startAws()
  const { endpoint, region, credentials } = aws
  const clientConfig = { endpoint, region, credentials }
  aws.secrets.create('prod/db', { password: 'p' })
  for (let i = 0; i < 12; i++) aws.parameters.put(`/app/p${i}`, JSON.stringify({ i }))
  const secrets = new SecretsProvider({ clientConfig })
  expect(await secrets.get('prod/db', { transform: 'json' })).toEqual({ password: 'p' })
  const ssm = new SSMProvider({ clientConfig })
  const all = await ssm.getMultiple('/app', { transform: 'json' })
  expect(Object.keys(all ?? {})).toHaveLength(12)
  const named = await ssm.getParametersByName({ '/app/p1': {}, '/app/none': {} }, { throwOnError: false })
  expect(named).toEqual({ '/app/p1': '{"i":1}', _errors: ['/app/none'] })
  expect(aws.calls.map(({ operation }) => operation)).toEqual([
    'GetSecretValue',
    'GetParametersByPath',
    'GetParametersByPath',
    'GetParameters',
  ])
})

test('a process finds it by its environment alone', async () => {
  await using aws = await startAws()
  aws.kms.key({ alias: 'a' })
  aws.secrets.create('s', 'secret')
  const program = `
    const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager')
    new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: 's' })).then((s) => console.log(s.SecretString))`
  const env = { PATH: process.env.PATH, ...aws.environment }
  const cwd = import.meta.dirname
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=commonjs', '-e', program], { env, cwd })
  expect(stdout).toBe('secret\n')
})
