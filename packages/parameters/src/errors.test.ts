import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test, vi } from 'vitest'
import * as z from 'zod'
import { reader } from '../test/reader.ts'
import { service } from '../test/service.ts'
import {
  extension,
  https,
  type Parameter,
  type ParameterError,
  parameter,
  parameters,
  path,
  type Transport,
} from './index.ts'

const it = service()
const secret = 'hunter2-of-the-test'
const Database = z.object({ host: z.string(), port: z.coerce.number(), user: z.object({ name: z.string() }) })
const leaf = z.object({ a: z.string() })

interface Case {
  readonly what: string
  readonly definition: Parameter
  readonly set?: (() => void) | undefined
  readonly transport?: (() => Transport) | undefined
}
const put = (name: string, value: string) => () => void it.aws.parameters.put(name, value)

const unset = (...names: string[]) => {
  for (const name of names) vi.stubEnv(name, '')
}

const cases: readonly Case[] = [
  { what: 'nothing of the name', definition: parameter('/app/none') },
  { what: 'no such version', definition: parameter('/app/versioned:7'), set: put('/app/versioned', secret) },
  { what: 'no such label', definition: parameter('/app/labelled:live'), set: put('/app/labelled', secret) },
  { what: 'denied', definition: parameter('/app/denied'), set: () => it.aws.deny('GetParameters') },
  { what: 'a path that is denied', definition: path('/app/db/', leaf), set: () => it.aws.deny('GetParametersByPath') },
  {
    what: 'a key that is denied',
    definition: parameter('/app/key'),
    set: () => it.aws.fail('GetParameters', { error: 'InvalidKeyId' }),
  },
  {
    what: 'a name that is none',
    definition: parameter('/aws/app'),
    set: () => it.aws.fail('GetParameters', { error: 'ValidationException', message: 'no' }),
  },
  {
    what: 'throttled',
    definition: parameter('/app/throttled'),
    set: () => it.aws.fail('GetParameters', { error: 'ThrottlingException' }),
  },
  {
    what: 'down',
    definition: parameter('/app/down'),
    set: () => it.aws.fail('GetParameters', { error: 'InternalServerError', status: 500 }),
  },
  {
    what: 'unreachable',
    definition: parameter('/app/unreachable'),
    transport: () => https({ endpoint: 'http://127.0.0.1:1', attempts: 1 }),
  },
  { what: 'no region', definition: parameter('/app/nowhere'), set: () => unset('AWS_REGION', 'AWS_DEFAULT_REGION') },
  { what: 'no credentials at all', definition: parameter('/app/nobody'), set: () => unset('AWS_ACCESS_KEY_ID') },
  { what: 'late', definition: parameter('/app/late'), set: () => it.aws.fail('GetParameters', { hang: true }) },
  {
    what: 'garbage',
    definition: parameter('/app/garbage'),
    set: () => it.aws.fail('GetParameters', { garbage: true }),
  },
  {
    what: 'credentials that AWS does not take',
    definition: parameter('/app/unsigned'),
    transport: () =>
      https({ credentials: () => Promise.reject(Object.assign(new Error('expired'), { name: 'ExpiredToken' })) }),
  },
  {
    what: 'the extension at INIT',
    definition: parameter('/app/early'),
    transport: extension,
    set: () => {
      it.aws.extension.ready = false
    },
  },
  { what: 'no JSON', definition: parameter('/app/text', leaf), set: put('/app/text', secret) },
  { what: 'JSON that ends', definition: parameter('/app/cut', leaf), set: put('/app/cut', `{"a":"${secret}"`) },
  {
    what: 'JSON that reaches a prototype',
    definition: parameter('/app/poison', { format: 'json' }),
    set: put('/app/poison', `{"__proto__":{"a":"${secret}"}}`),
  },
  {
    what: 'another shape, by zod',
    definition: parameter('/app/zod', Database),
    set: put('/app/zod', JSON.stringify({ host: 5, port: secret, user: {} })),
  },
  {
    what: 'another shape, by valibot',
    definition: parameter('/app/valibot', v.object({ port: v.number(), host: v.pipe(v.string(), v.maxLength(3)) })),
    set: put('/app/valibot', JSON.stringify({ port: secret, host: secret })),
  },
  {
    what: 'another shape, by arktype',
    definition: parameter('/app/arktype', type({ port: 'number', host: "'a' | 'b'" })),
    set: put('/app/arktype', JSON.stringify({ port: secret, host: secret })),
  },
  {
    what: 'a list of another length',
    definition: parameter('/app/list', z.array(z.string()).length(2), { format: 'list' }),
    set: put('/app/list', `${secret},b,c`),
  },
  {
    what: 'a schema that throws',
    definition: parameter(
      '/app/throws',
      z.string().transform((it) => JSON.parse(it)),
      { format: 'text' },
    ),
    set: put('/app/throws', secret),
  },
  {
    what: 'a path without what it must have',
    definition: path('/app/path/', Database),
    set: put('/app/path/port', secret),
  },
  {
    what: 'a path whose names are at odds',
    definition: path('/app/odds/', leaf),
    set: () => {
      it.aws.parameters.put('/app/odds/a', secret)
      it.aws.parameters.put('/app/odds/a/b', secret)
    },
  },
]

test('the table of errors names the parameter and the fix, and never a value', async () => {
  const table: string[] = []
  for (const { what, definition, set, transport } of cases) {
    set?.()
    const handler = lambda()
      .use(parameters({ it: definition }, { timeout: 1000, ...(transport && { transport: transport() }) }))
      .handle(() => 1)
    const error = await handler({}, fakeContext()).catch((error) => error)
    const cause = error.cause as ParameterError
    expect(error.message).toBe(`the resource \`parameters\` could not be made: ${cause.message}`)
    expect(cause).toMatchObject({ name: 'ParameterError', path: 'parameters.it', parameter: definition.name })
    expect(inspect(error, { depth: 9, showHidden: true, getters: true }), what).not.toContain(secret.slice(0, 7))
    table.push(`${what} → ${cause.kind}${cause.field ? `, ${cause.field}` : ''}\n  ${cause.message}\n`)
    vi.unstubAllEnvs()
    for (const [name, value] of Object.entries(it.aws.environment)) vi.stubEnv(name, value)
    it.aws.heal()
    it.aws.extension.ready = true
  }
  await expect(table.join('\n')).toMatchFileSnapshot('../test/errors.txt')
})

test('several that are wrong are all said at once', async () => {
  const read = reader(
    parameters({ a: parameter('/app/none'), b: parameter('/app/neither'), c: path('/app/no/', leaf) }),
  )
  await expect(read()).rejects.toThrow(
    /^the resource `parameters` could not be made: `parameters\.a`: there is no '\/app\/none'.*; `parameters\.b`: there is no '\/app\/neither'.*; `parameters\.c`: what is below/,
  )
})

test('values show in nothing that is printed', async () => {
  put('/app/shown', secret)()
  put('/app/shown-json', JSON.stringify({ a: secret }))()
  put('/app/shown-path/a', secret)()
  const handler = lambda()
    .use(
      parameters({
        text: parameter('/app/shown'),
        json: parameter('/app/shown-json', leaf),
        path: path('/app/shown-path/', leaf),
        lazy: parameter('/app/shown', { lazy: true }),
      }),
    )
    .handle(async (ctx) => {
      await ctx.parameters.lazy()
      expect([ctx.parameters.text, ctx.parameters.json.a, ctx.parameters.path.a]).toEqual([secret, secret, secret])
      return [ctx, ctx.parameters, { ...ctx.parameters }, Object.entries(ctx.parameters)].map((it) => [
        inspect(it, { depth: 9 }),
        inspect(it, { depth: 9, showHidden: true, getters: true }),
        JSON.stringify({ ...it, context: undefined }),
      ])
    })
  const printed = (await handler({}, fakeContext())).flat().join('\n')
  expect(printed).toContain('[parameters: text, json, path, lazy]')
  expect(printed).not.toContain(secret)
})
