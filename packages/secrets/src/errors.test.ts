import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test, vi } from 'vitest'
import * as z from 'zod'
import { service } from '../test/service.ts'
import { https, type Secret, type SecretsOptions, secret, secrets } from './index.ts'

const it = service()
const value = { username: 'app-user', password: 'correct horse battery staple', port: 54321, tags: ['blue-green'] }
const leaves = [value.username, value.password, String(value.port), ...value.tags]

/** What an invocation throws, as a log has it. */
const errorOf = async (wanted: Secret, options: SecretsOptions<'secrets'> = {}) => {
  const handler = lambda()
    .use(
      secrets(
        { it: wanted, other: secret(fixed('prod/other'), { lazy: options.batch !== true }) },
        { timeout: 200, transport: https({ attempts: 1 }), ...options },
      ),
    )
    .handle(() => 1)
  const { result } = await collectLogs(() => handler({}, fakeContext()).catch((error) => error))
  return result as Error & { cause: Error & { kind: string; field?: string; cause?: unknown } }
}
const fixed = (name: string, stored: Parameters<typeof it.create>[0] = value) => {
  try {
    it.aws.secrets.create(name, stored)
  } catch {
    // By the test before.
  }
  return name
}
const echoing = z.object({ password: z.string().refine(() => false, { error: (issue) => `not ${issue.input}` }) })

const table: Readonly<Record<string, () => Promise<Error>>> = {
  'not there': () => errorOf(secret('prod/none')),
  'no such stage': () => errorOf(secret(fixed('prod/db'), { stage: 'AWSPENDING' })),
  'no such version': () => errorOf(secret(fixed('prod/db'), { version: 'f00' })),
  'being deleted': () => {
    const message = "You can't perform this operation on the secret because it was marked for deletion."
    it.aws.fail('GetSecretValue', { error: 'InvalidRequestException', message })
    return errorOf(secret(fixed('prod/db')))
  },
  denied: () => {
    it.aws.deny('GetSecretValue')
    return errorOf(secret(fixed('prod/db')))
  },
  'a batch denied': () => {
    it.aws.deny('BatchGetSecretValue')
    return errorOf(secret(fixed('prod/db')), { batch: true })
  },
  'its key denied': () => {
    it.aws.fail('GetSecretValue', { error: 'DecryptionFailure' })
    return errorOf(secret(fixed('prod/db')))
  },
  'no name': () => {
    it.aws.fail('GetSecretValue', { error: 'InvalidParameterException' })
    return errorOf(secret('*'))
  },
  throttled: () => {
    it.aws.fail('GetSecretValue', { error: 'ThrottlingException' })
    return errorOf(secret(fixed('prod/db')))
  },
  down: () => {
    it.aws.fail('GetSecretValue', { error: 'InternalServiceError', status: 500 })
    return errorOf(secret(fixed('prod/db')))
  },
  slow: () => {
    it.aws.fail('GetSecretValue', { hang: true })
    return errorOf(secret(fixed('prod/db')))
  },
  unreachable: () => errorOf(secret('prod/db'), { transport: https({ endpoint: 'http://127.0.0.1:1', attempts: 1 }) }),
  garbage: () => {
    it.aws.fail('GetSecretValue', { garbage: true })
    return errorOf(secret(fixed('prod/db')))
  },
  'no credentials': () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '')
    return errorOf(secret(fixed('prod/db')))
  },
  'no region': () => {
    vi.stubEnv('AWS_REGION', '')
    vi.stubEnv('AWS_DEFAULT_REGION', '')
    return errorOf(secret(fixed('prod/db')))
  },
  'credentials that AWS does not take': () => {
    vi.stubEnv('AWS_SESSION_TOKEN', 'expired')
    return errorOf(secret(fixed('prod/db')))
  },
  'not JSON': () => errorOf(secret(fixed('prod/text', value.password), { format: 'json' })),
  'JSON cut short': () => errorOf(secret(fixed('prod/cut', '{"password": "correct horse'), { format: 'json' })),
  'JSON that would pollute': () => errorOf(secret(fixed('prod/proto', '{"__proto__": {"a": 1}}'), { format: 'json' })),
  'bytes, for text': () => errorOf(secret(fixed('prod/key', new Uint8Array([1])))),
  'text, for bytes': () => errorOf(secret(fixed('prod/db'), { format: 'binary' })),
  'fails zod': () => errorOf(secret(fixed('prod/db'), z.object({ username: z.number(), host: z.string() }))),
  'fails valibot': () => errorOf(secret(fixed('prod/db'), v.object({ username: v.number(), host: v.string() }))),
  'fails arktype': () =>
    errorOf(secret(fixed('prod/db'), type({ password: 'string < 5', tags: 'number[]', host: 'string' }))),
  'fails a schema that quotes': () => errorOf(secret(fixed('prod/db'), echoing)),
  'fails deep within': () =>
    errorOf(secret(fixed('prod/db'), z.object({ tags: z.array(z.literal('a/b')), port: z.string() }))),
  'a schema that throws': () =>
    errorOf(
      secret(
        fixed('prod/db'),
        z.object({ password: z.string() }).transform(({ password }) => {
          throw new Error(`what is ${password}?`)
        }),
      ),
    ),
  'the extension, at INIT': async () => {
    it.aws.extension.ready = false
    const { extension } = await import('./index.ts')
    return errorOf(secret(fixed('prod/db')), { transport: extension() })
  },
}

test('the table of errors', async () => {
  const rows: string[] = []
  for (const [name, fail] of Object.entries(table)) {
    it.aws.heal()
    const resourceError = await fail()
    vi.unstubAllEnvs()
    for (const [key, text] of Object.entries(it.aws.environment)) vi.stubEnv(key, text)
    const { cause } = resourceError as Awaited<ReturnType<typeof errorOf>>
    rows.push(`${name} → ${cause.kind}${cause.field === undefined ? '' : `, ${cause.field}`}`, `  ${cause.message}`, '')
    const everything =
      inspect(resourceError, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(resourceError)
    for (const leaf of leaves) expect(everything, name).not.toContain(leaf)
    expect(resourceError.message).toBe(`the resource \`secrets\` could not be made: ${cause.message}`)
  }
  await expect(rows.join('\n')).toMatchFileSnapshot('../test/errors.txt')
})

test('several that are wrong are all said at once', async () => {
  const handler = lambda()
    .use(secrets({ a: secret('prod/none'), b: secret('prod/nothing') }))
    .handle(() => 1)
  await expect(handler({}, fakeContext())).rejects.toThrow(
    /^the resource `secrets` could not be made: `secrets\.a`: there is no 'prod\/none'.*; `secrets\.b`: there is no 'prod\/nothing'/,
  )
})
