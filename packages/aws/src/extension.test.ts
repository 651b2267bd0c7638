import { type Aws, startAws } from 'test-aws'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { classify } from './classify.ts'
import { askExtension } from './extension.ts'

let aws: Aws
beforeAll(async () => {
  aws = await startAws()
  aws.secrets.create('prod/a b', 'hunter2')
})
afterAll(() => aws.close())
beforeEach(() => {
  aws.heal()
  aws.extension.ready = true
  vi.stubEnv('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT', String(aws.extension.port))
  vi.stubEnv('AWS_SESSION_TOKEN', aws.credentials.sessionToken)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const never = new AbortController().signal
const ask = (secretId = 'prod/a b', signal = never) => askExtension('/secretsmanager/get', { secretId }, signal)

test('it is asked with the token of the environment', async () => {
  expect(await ask()).toMatchObject({ SecretString: 'hunter2' })
})

test.each([
  ['is not ready', () => (aws.extension.ready = false), 'ExtensionNotReady', 'unavailable'],
  [
    'does not listen',
    () => vi.stubEnv('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT', '1'),
    'ExtensionNotReady',
    'unavailable',
  ],
  ['is cut off', () => aws.fail('GetSecretValue', { reset: true }), 'NetworkError', 'unavailable'],
  ['answers with garbage', () => aws.fail('GetSecretValue', { garbage: true }), 'InvalidAnswer', 'unavailable'],
  [
    'is throttled',
    () => aws.fail('GetSecretValue', { error: 'ThrottlingException' }),
    'ThrottlingException',
    'unavailable',
  ],
  ['may not', () => aws.deny('GetSecretValue'), 'AccessDeniedException', 'denied'],
  [
    'finds nothing',
    () => aws.fail('GetSecretValue', { error: 'ResourceNotFoundException' }),
    'ResourceNotFoundException',
    'missing',
  ],
  ['has another token', () => vi.stubEnv('AWS_SESSION_TOKEN', 'x'), 'ExpiredToken', 'credentials'],
  [
    'says something else',
    () => aws.fail('GetSecretValue', { error: 'oops', message: 'hunter2' }),
    'InvalidAnswer',
    'unavailable',
  ],
])('where it %s the error says so, and no word of the answer', async (_, set, code, kind) => {
  set()
  const error = (await ask().catch((error) => error)) as Error
  expect(error).toMatchObject({ name: 'AwsError', code, service: 'extension' })
  expect(classify(error)).toBe(kind)
  expect(error.message).not.toContain('hunter2')
})

test('a signal ends it', async () => {
  aws.fail('GetSecretValue', { hang: true })
  const controller = new AbortController()
  const asked = ask(undefined, controller.signal)
  setTimeout(() => controller.abort(new Error('given up')), 50)
  await expect(asked).rejects.toThrow('given up')
})
