import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { service } from '../../test/service.ts'
import { type EnvError, env, kms } from '../index.ts'

const it = service()
const { called } = it
const own = { LambdaFunctionName: 'orders' }
const Variables = z.object({ A: z.string(), B: z.string().optional(), PLAIN: z.string().default('p') })

/** A function named `orders` whose variables are these, and which decrypts `A` and `B`. */
const giving = (variables: Readonly<Record<string, string>>, options?: Parameters<typeof kms>[1]) => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders')
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const handler = lambda()
    .use(env(Variables, { decrypt: kms(['A', 'B'], options) }))
    .handle(({ env }) => [env.A, env.B, env.PLAIN])
  return () => handler({}, fakeContext())
}
const refused = async (invoke: () => Promise<unknown>): Promise<EnvError> =>
  invoke().then(
    () => expect.fail('it should not have been made'),
    (error) => error.cause,
  )

test('variables are decrypted in the context of the function, at the same time and once', async () => {
  const invoke = giving({ A: it.aws.kms.encrypt('hunter2', own), B: it.aws.kms.encrypt('b é', own), PLAIN: 'plain' })
  for (let i = 0; i < 3; i++) expect(await invoke()).toEqual(['hunter2', 'b é', 'plain'])
  expect(called()).toEqual(['Decrypt', 'Decrypt'])
})

test('the context may be another', async () => {
  const context = { app: 'shop' }
  expect(await giving({ A: it.aws.kms.encrypt('a', context) }, { context })()).toEqual(['a', undefined, 'p'])
})

test('nothing is called for what is not set, and without kms() nothing at all', async () => {
  const { faults } = await refused(giving({}))
  expect(faults).toEqual([{ name: 'A', field: '', message: 'is not set' }])
  const builtin = vi.spyOn(process, 'getBuiltinModule')
  vi.stubEnv('A', 'a')
  const plain = lambda()
    .use(env(Variables))
    .handle(({ env }) => env.A)
  expect(await plain({}, fakeContext())).toBe('a')
  expect(called()).toEqual([])
  expect(builtin).not.toHaveBeenCalled()
})

describe('what is wrong is told for each variable, and never with a value', () => {
  const secret = 'hunter2-of-the-test'
  const told = async (invoke: () => Promise<unknown>) => {
    const error = await refused(invoke)
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain(secret)
    return error.message
  }

  test('of ciphertexts of another function, and what was never encrypted', async () => {
    const other = it.aws.kms.encrypt(secret, { LambdaFunctionName: 'other' })
    expect(await told(giving({ A: other, B: secret }))).toMatchInlineSnapshot(
      `"environment variables in the function's configuration: \`A\` was not encrypted in this context (InvalidCiphertextException): encrypt it with the encryption context {"LambdaFunctionName":"orders"}, or give kms() the \`context\` that it has; \`B\` is no ciphertext of KMS in base64: encrypt it, or take its name out of kms()"`,
    )
  })

  test('of a key that is denied', async () => {
    it.aws.deny('Decrypt')
    expect(await told(giving({ A: it.aws.kms.encrypt(secret, own) }))).toMatchInlineSnapshot(
      `"environment variables in the function's configuration: \`A\` may not be decrypted (AccessDeniedException): allow the function's role kms:Decrypt on its key"`,
    )
  })

  test.each([
    { hang: true },
    { error: 'KMSInternalException', status: 500 },
    { garbage: true },
    { reset: true },
  ] as const)('of a service that does not answer: %j', async (fault) => {
    const invoke = giving({ A: it.aws.kms.encrypt(secret, own) }, { timeout: 800 })
    it.aws.fail('Decrypt', fault)
    expect(await told(invoke)).toMatch(/`A` could not be decrypted: .*; it is tried again/)
    it.aws.heal()
    expect(await invoke()).toEqual([secret, undefined, 'p'])
  })

  test('of a value that its schema refuses', async () => {
    vi.stubEnv('A', it.aws.kms.encrypt(secret, {}))
    const handler = lambda()
      .use(env(z.object({ A: z.coerce.number(), TABLE: z.string() }), { decrypt: kms(['A'], { context: {} }) }))
      .handle(() => 1)
    expect(await told(() => handler({}, fakeContext()))).toMatchInlineSnapshot(
      `"environment variables in the function's configuration: \`A\` is wrong: Invalid input: expected number, received NaN; \`TABLE\` is not set"`,
    )
  })
})

test('misuse is refused where it is written', () => {
  expect(() => kms('A' as never)).toThrow("kms() takes the names of variables: kms(['DB_PASSWORD'])")
  expect(() => kms(['A'], { regoin: 'x' } as never)).toThrow(
    'kms(): there is no option `regoin`: did you mean `region`?',
  )
})
