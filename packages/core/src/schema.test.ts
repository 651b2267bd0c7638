import { fakeContext } from '@fnware/testing'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { echo } from '../test/echo.ts'
import { pointer } from './errors.ts'
import { InputError, isError, lambda } from './index.ts'

describe.each([
  ['zod', z.object({ sku: z.string(), quantity: z.int() })],
  ['valibot', v.object({ sku: v.string(), quantity: v.pipe(v.number(), v.integer()) })],
  ['arktype', type({ sku: 'string', quantity: 'number.integer' })],
])('%s', (_, schema) => {
  test('checks what comes in', async () => {
    const handler = lambda()
      .input(schema)
      .handle(({ input }) => `${input.sku} ${input.quantity}`)
    expect(await handler({ sku: 'A', quantity: 2 }, fakeContext())).toBe('A 2')
    const error = await handler({ sku: 'A', quantity: 2.5 }, fakeContext()).catch((error: unknown) => error)
    expect(isError(error, 'InputError') && error.issues.map(({ path }) => pointer(path))).toEqual(['/quantity'])
  })
  test('checks what goes out', async () => {
    const handler = lambda<{ quantity: number }>()
      .output(schema)
      .handle(({ event }) => ({ sku: 'A', quantity: event.quantity }))
    expect(await handler({ quantity: 1 }, fakeContext())).toEqual({ sku: 'A', quantity: 1 })
    await expect(handler({ quantity: 1.5 }, fakeContext())).rejects.toMatchObject({
      name: 'OutputError',
      message: expect.stringMatching('/quantity'),
    })
  })
})

test('the handler is given what the schema makes of the event', async () => {
  const handler = lambda()
    .input(z.object({ quantity: z.coerce.number() }))
    .handle(({ input }) => input.quantity + 1)
  expect(await handler({ quantity: '2' } as never, fakeContext())).toBe(3)
})

test('a result that comes later is checked when it is there', async () => {
  const handler = lambda<{ n: unknown }>()
    .output(z.object({ n: z.coerce.number() }))
    .handle(async ({ event }) => ({ n: event.n, more: 1 }) as never)
  expect(await handler({ n: '2' }, fakeContext())).toEqual({ n: 2 })
  await expect(handler({ n: 'x' }, fakeContext())).rejects.toMatchObject({ name: 'OutputError' })
})

test('an async schema is waited for', async () => {
  const schema = z.string().refine(async (text) => text === 'right')
  const handler = lambda()
    .input(schema)
    .handle(({ input }) => input)
  expect(await handler('right', fakeContext())).toBe('right')
  await expect(handler('wrong', fakeContext())).rejects.toBeInstanceOf(InputError)
})

test.each([
  [
    'at once',
    () => {
      throw new Error('inside')
    },
  ],
  [
    'later',
    async () => {
      throw new Error('inside')
    },
  ],
])('a schema that throws %s is no fault of the input, and leaves the function serving', async (_, validate) => {
  const schema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => (value === 'ok' ? { value } : validate()),
    },
  } as const
  const handler = lambda()
    .input(schema as never)
    .handle(({ input }) => input)
  const error = await handler('bad' as never, fakeContext()).catch((error: unknown) => error)
  expect(error).toMatchObject({ message: 'inside' })
  expect(isError(error, 'InputError')).toBe(false)
  expect(await handler('ok' as never, fakeContext())).toBe('ok')
})

describe('what is nested until the schema’s stack is full is the client’s fault', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown
  type Tree = Tree[]
  const tree: z.ZodType<Tree> = z.lazy(() => z.array(tree))
  const other: v.GenericSchema<Tree> = v.lazy(() => v.array(other))
  test.each([
    ['at once', other],
    ['later', tree],
  ])('where that throws %s', async (_, schema) => {
    const handler = lambda()
      .input(schema as StandardSchemaV1<unknown>)
      .handle(({ input }) => input)
    const error = await handler(deep, fakeContext()).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'InputError', message: 'nested too deeply', in: 'event' })
    expect(isError(error, 'InputError') && error.issues).toEqual([{ message: 'nested too deeply' }])
    expect(await handler([[], [[]]], fakeContext())).toEqual([[], [[]]])
  })
})

test('what is no schema is refused where it is given', () => {
  for (const wrong of [undefined, null, {}, { parse: () => 1 }]) {
    expect(() => lambda().input(wrong as never)).toThrow('.input() takes a Standard Schema')
    expect(() => lambda(echo()).output(wrong as never)).toThrow('.output() takes a Standard Schema')
  }
})

test('a pointer escapes as RFC 6901 wants it', () => {
  expect(pointer(['a/b', { key: 'm~n' }, 0])).toBe('/a~1b/m~0n/0')
  expect(pointer()).toBe('')
})
