import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { described, validated } from './validated.ts'

const said = async (schema: StandardSchemaV1, value: unknown) => {
  const result = await validated(schema, value)
  return 'faults' in result ? described(result.faults) : result.value
}

test('what fits is what the schema makes of it', async () => {
  expect(await said(z.object({ port: z.coerce.number() }), { port: '5432' })).toEqual({ port: 5432 })
})

test('a schema may take its time', async () => {
  const slow = z.string().refine(async (text) => text === 'a', 'is not a')
  expect(await said(slow, 'a')).toBe('a')
  expect(await said(slow, 'hunter')).toBe('the value: is not a')
})

describe('a message that shows the value is left out, and the field stays', () => {
  test.each([
    ['zod', z.object({ password: z.string().min(20), port: z.number() })],
    ['valibot', v.object({ password: v.pipe(v.string(), v.length(20)), port: v.number() })],
    ['arktype', type({ password: 'string >= 20', port: 'number' })],
    ['arktype, an exact value', type({ password: "'a'", port: 'number' })],
  ])('%s', async (_, schema) => {
    const text = await said(schema, { password: 'hunter2hunter2', port: '543x' })
    expect(text).toContain('/password')
    expect(text).toContain('/port')
    expect(text).not.toMatch(/hunter|543x/)
  })

  test('also of a part of it, in any case, and as JSON escapes it', async () => {
    const says = (message: (value: string) => string) =>
      z.string().refine(() => false, { error: (issue) => message(issue.input as string) })
    const hidden = "the value: is not what it takes (the schema's own message shows the value)"
    expect(
      await said(
        says((it) => `got ${it.slice(0, 8)}…`),
        'correct horse battery',
      ),
    ).toBe(hidden)
    expect(
      await said(
        says((it) => `got ${it.toUpperCase()}`),
        'correct horse battery',
      ),
    ).toBe(hidden)
    expect(
      await said(
        says((it) => `got ${JSON.stringify(it)}`),
        'a"b\nc',
      ),
    ).toBe(hidden)
    expect(
      await said(
        says(() => 'is not a key'),
        'correct horse battery',
      ),
    ).toBe('the value: is not a key')
  })

  test('whatever the value is', async () => {
    const echo = z.unknown().refine(() => false, { error: (issue) => `no good: ${JSON.stringify(issue.input)}` })
    const deep = z.object({ it: echo, other: z.unknown() })
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 3, unit: 'grapheme' }), async (secret) => {
        const text = String(await said(deep, { it: [{ a: secret }], other: 1 }))
        expect(text).toBe("/it: is not what it takes (the schema's own message shows the value)")
      }),
    )
  })

  test('and of what a schema throws', async () => {
    const throws = (message: (value: unknown) => string) =>
      z.string().transform((value) => {
        throw new RangeError(message(value))
      })
    expect(
      await said(
        throws((it) => `bad ${it}`),
        'hunter2',
      ),
    ).toBe('the value: the schema threw')
    expect(
      await said(
        throws(() => 'no such host'),
        'hunter2',
      ),
    ).toBe('the value: the schema threw RangeError: no such host')
  })
})

test('whether something is true tells nothing, and an empty text is no leaf', async () => {
  const schema = v.object({ on: v.string(), name: v.pipe(v.string(), v.minLength(1)) })
  expect(await said(schema, { on: true, name: '' })).toMatchInlineSnapshot(
    `"/on: Invalid type: Expected string but received true; /name: Invalid length: Expected >=1 but received 0"`,
  )
})

test('twenty faults are enough', async () => {
  const schema = z.array(z.string())
  const text = String(await said(schema, Array(30).fill(true)))
  expect(text).toMatch(/^\/0: .*; \/19: .*; and 10 more$/)
  expect(text).not.toContain('/20')
})
