import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type } from 'arktype'
import * as v from 'valibot'
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import * as z from 'zod'
import { EnvError, env } from '../index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})
const set = (variables: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}
const made = (schema: unknown) =>
  lambda()
    .use(env(schema as never))
    .handle(({ env }) => env)({}, fakeContext())
const refused = async (schema: unknown): Promise<EnvError> => {
  const { cause } = await made(schema).then(
    () => expect.fail('it should not have been made'),
    (error) => error,
  )
  expect(cause).toBeInstanceOf(EnvError)
  return cause
}

test('variables are what the schema makes of them', async () => {
  set({ TABLE: 'orders', PAGE: '50' })
  const handler = lambda()
    .use(env(z.object({ TABLE: z.string(), PAGE: z.coerce.number(), STAGE: z.string().default('dev') })))
    .handle(({ env }) => {
      expectTypeOf(env).toEqualTypeOf<Readonly<{ TABLE: string; PAGE: number; STAGE: string }>>()
      return [env.TABLE, env.PAGE, env.STAGE]
    })
  expect(await handler({}, fakeContext())).toEqual(['orders', 50, 'dev'])
})

test('they may be under another key, and are read when the environment is made', async () => {
  const handler = lambda()
    .use(env(z.object({ TABLE: z.string() }), { key: 'config' }))
    .handle(({ config }) => config.TABLE)
  set({ TABLE: 'first' })
  expect(await handler({}, fakeContext())).toBe('first')
  set({ TABLE: 'second' })
  expect(await handler({}, fakeContext())).toBe('first')
  expect(await handler.with({ config: { TABLE: 'given' } })({}, fakeContext())).toBe('given')
})

test('nothing that lists or prints an object shows them, and nobody changes them', async () => {
  set({ PASSWORD: 'hunter2', LIST: 'hunter2,b' })
  const schema = z.object({ PASSWORD: z.string(), LIST: z.string().transform((it) => ({ all: it.split(',') })) })
  const handler = lambda()
    .use(env(schema))
    .handle((ctx) => {
      const { env } = ctx
      expect(() => Object.assign(env, { PASSWORD: 'x' })).toThrow(TypeError)
      expect(() => (env.LIST.all as string[]).push('x')).toThrow(TypeError)
      return [ctx, env, { ...env }].map((it) => [
        inspect(it, { depth: 9 }),
        inspect(it, { depth: 9, showHidden: true, getters: true }),
        JSON.stringify({ ...it, context: undefined }),
      ])
    })
  const printed = (await handler({}, fakeContext())).flat().join('\n')
  expect(printed).toContain('[env: PASSWORD, LIST]')
  expect(printed).not.toContain('hunter2')
})

describe.each([
  ['zod, strict', z.strictObject({ A: z.string(), N: z.coerce.number(), O: z.string().optional() })],
  ['zod, loose', z.looseObject({ A: z.string(), N: z.coerce.number() })],
  [
    'valibot, strict',
    v.strictObject({ A: v.string(), N: v.pipe(v.string(), v.toNumber()), O: v.optional(v.string()) }),
  ],
  ['arktype', type({ A: 'string', N: 'string.numeric.parse', 'O?': 'string' })],
  ['arktype that rejects', type({ '+': 'reject', A: 'string', N: 'string.numeric.parse', 'O?': 'string' })],
] as const)('%s', (_, schema) => {
  test('sees the variables that it names, and no others', async () => {
    set({ A: 'a', N: '5', AWS_SECRET_ACCESS_KEY: 'hunter2' })
    expect(Object.getOwnPropertyNames(await made(schema)).sort()).toEqual(['A', 'N'])
  })
})

test('an async schema is waited for', async () => {
  set({ A: 'a' })
  const schema = z.object({ A: z.string().transform(async (it) => it.toUpperCase()) })
  const handler = lambda()
    .use(env(schema))
    .handle(({ env }) => env.A)
  expect(await handler({}, fakeContext())).toBe('A')
  set({ A: '' })
  const late = z.object({ A: z.string().refine(async (it) => it.length > 0, 'too short') })
  expect((await refused(late)).message).toContain('`A` is empty: too short')
})

describe('what is wrong is told at once, and never with a value', () => {
  const secret = 'hunter2-of-the-test'
  test.each([
    [
      'zod',
      z.object({
        DB_HOST: z.string(),
        PORT: z.coerce.number().max(65_535),
        STAGE: z.enum(['dev', 'production']),
        URL: z.url(),
      }),
    ],
    [
      'valibot',
      v.object({
        DB_HOST: v.string(),
        PORT: v.pipe(v.string(), v.toNumber(), v.maxValue(65_535)),
        STAGE: v.picklist(['dev', 'production']),
        URL: v.pipe(v.string(), v.url()),
      }),
    ],
    [
      'arktype',
      type({
        DB_HOST: 'string',
        PORT: 'string.integer.parse |> number<65535',
        STAGE: "'dev' | 'production'",
        URL: 'string.url',
      }),
    ],
  ])('by %s', async (_, schema) => {
    set({ DB_HOTS: secret, PORT: '99999', STAGE: `${secret}-production`, URL: '' })
    const { message, faults } = await refused(schema)
    expect(message).not.toContain(secret)
    expect(message).not.toContain('99999')
    expect(message).toMatchSnapshot()
    expect(faults.map(({ name }) => name).sort()).toEqual(['DB_HOST', 'PORT', 'STAGE', 'URL'])
  })

  test('a slip is looked for among variables that nobody else means', async () => {
    set({ DB_POST: 'a', HOME: '/root' })
    const schema = z.object({ DB_HOST: z.string(), DB_POST: z.string(), HOMY: z.string() })
    expect((await refused(schema)).faults.map(({ message }) => message)).toEqual(['is not set', 'is not set'])
  })

  test('with the place in what the schema made of it', async () => {
    set({ CONFIG: JSON.stringify({ db: { port: secret } }) })
    const Config = z.object({ db: z.object({ port: z.number(`not like ${secret}`), host: z.string() }) })
    const schema = z.object({
      CONFIG: z
        .string()
        .transform((it) => JSON.parse(it))
        .pipe(Config),
    })
    const { faults } = await refused(schema)
    expect(faults).toEqual([
      {
        name: 'CONFIG',
        field: '/db/port',
        message: 'is not what the schema takes, whose own message shows the value',
      },
      { name: 'CONFIG', field: '/db/host', message: 'is wrong: Invalid input: expected string, received undefined' },
    ])
  })

  test.each([
    ['thrown', z.object({ CONFIG: z.string().transform((it) => JSON.parse(it)) })],
    [
      'rejected',
      v.objectAsync({
        CONFIG: v.pipeAsync(
          v.string(),
          v.transformAsync(async (it) => JSON.parse(it)),
        ),
      }),
    ],
  ])('nor when it is the schema’s own failure, %s', async (_, schema) => {
    set({ CONFIG: secret })
    const error = await refused(schema)
    expect(inspect(error)).not.toContain(secret)
    expect(inspect(error)).not.toContain(secret.slice(0, 7))
    expect(error.message).toMatchInlineSnapshot(
      `"environment variables in the function's configuration: the schema threw, when it had looked at \`CONFIG\`"`,
    )
  })

  test('nor when several together are at fault', async () => {
    set({ A: secret, B: 'b' })
    const one = z.object({ A: z.string().optional(), B: z.string().optional() })
    const both = one.refine(() => false, 'give A or B, not both')
    expect((await refused(both)).message).toMatchInlineSnapshot(
      `"environment variables in the function's configuration: give A or B, not both"`,
    )
    const told = one.check(({ value, issues }) => {
      issues.push({ code: 'custom', input: value, message: `${value.A} and ${value.B}` })
    })
    expect((await refused(told)).message).not.toContain(secret)
  })
})

test('misuse is refused where it is written', () => {
  expect(() => env({} as never)).toThrow('env() takes a Standard Schema, such as zod')
  expect(() => env(z.object({}), { keyy: 'x' } as never)).toThrow(
    'env(): there is no option `keyy`: did you mean `key`?',
  )
})
