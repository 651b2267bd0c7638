import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import fc from 'fast-check'
import * as v from 'valibot'
import { afterEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { reader } from '../test/reader.ts'
import { env, parameter, parameters, path } from './index.ts'

// A value that nothing else has in common with, in the shapes that values come in.
const secret = fc.stringMatching(/^[0-9a-f]{12,20}$/)
const shaped = fc
  .tuple(secret, fc.constantFrom('', ' ', '"', '\n', 'é', '://', ','))
  .map(([it, mark]) => `${it}${mark}${it}`)

/** Refuses a text, in words of all kinds. */
const refusing: readonly StandardSchemaV1[] = [
  z.number(),
  z.coerce.number(),
  z.enum(['a', 'b']),
  z.email(),
  z.string().max(3),
  z.string().refine(() => false, { error: ({ input }) => `not ${input}` }),
  z.string().refine(() => false, { error: ({ input }) => `not ${JSON.stringify(input)}` }),
  z.string().refine(() => false, { error: ({ input }) => `begins with ${String(input).slice(0, 8).toUpperCase()}` }),
  z
    .string()
    .transform((it) => it.split(/\W/))
    .pipe(z.array(z.literal('a'))),
  z
    .string()
    .transform((it) => ({ [it]: it }))
    .pipe(z.object({ a: z.string() })),
  z.string().transform((it) => JSON.parse(`x${it}`)),
  v.number(),
  v.picklist(['a', 'b']),
  v.pipe(v.string(), v.email()),
  v.pipe(v.string(), v.startsWith('!')),
  v.pipe(
    v.string(),
    v.transform((it) => it.slice(0, 9)),
    v.literal('a'),
  ),
  type('number'),
  type("'a' | 'b'"),
  type('string.email'),
  type('string <= 3'),
  type('string').pipe((it) => it.slice(2, 11), type("'a'")),
]

afterEach(() => {
  vi.unstubAllEnvs()
})

const thrownBy = async (invoke: () => Promise<unknown>): Promise<string> => {
  const error = await invoke().then(
    () => expect.fail('it should be refused'),
    (error) => error,
  )
  return inspect(error, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(error)
}

test('whatever a schema says of a parameter, nothing of the value is in the error', async () => {
  await fc.assert(
    fc.asyncProperty(shaped, fc.constantFrom(...refusing), async (value, schema) => {
      const transport = { get: async () => value, getPath: async () => new Map([['/a/x', value]]) }
      const Below = {
        '~standard': {
          version: 1,
          vendor: 'x',
          validate: (it: unknown) => schema['~standard'].validate((it as { x: unknown }).x),
        },
      }
      const said = await thrownBy(
        reader(
          parameters(
            {
              text: parameter('/a', schema, { format: 'text' }),
              json: parameter('/b', schema),
              below: path('/a/', Below as never),
            },
            { transport },
          ),
        ),
      )
      expect(said).toContain('/a')
      expect(said.toLowerCase()).not.toContain(value.slice(0, 8))
    }),
    { numRuns: 300 },
  )
})

test('nor, of an environment variable', async () => {
  await fc.assert(
    fc.asyncProperty(shaped, fc.constantFrom(...refusing), async (value, schema) => {
      vi.stubEnv('HUSH', value)
      // Not by a transform of zod's: one that rejects leaves a rejection that nobody hears of.
      const validate = async (all: unknown) => {
        const { issues = [] } = await schema['~standard'].validate((all as { HUSH: string }).HUSH)
        return { issues: issues.map(({ message, path = [] }) => ({ message, path: ['HUSH', ...path] })) }
      }
      const Variables: StandardSchemaV1<{ HUSH: string }, object> = {
        '~standard': { version: 1, vendor: 'of the test', validate },
      }
      const handler = lambda()
        .use(env(Variables))
        .handle(() => 1)
      const said = await thrownBy(() => handler({}, fakeContext()))
      expect(said).toContain('environment variables in the function')
      expect(said.toLowerCase()).not.toContain(value.slice(0, 8))
    }),
    { numRuns: 300 },
  )
})
