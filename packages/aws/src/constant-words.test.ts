import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { described, validated } from './validated.ts'

const told = async (schema: Parameters<typeof validated>[0], value: unknown) => {
  const result = await validated(schema, value)
  return 'faults' in result ? described(result.faults) : expect.fail('it fits')
}

test.each([
  [
    z.object({ stage: z.enum(['dev', 'production']) }),
    { stage: 'production-1' },
    '/stage: Invalid option: expected one of "dev"|"production"',
  ],
  [z.object({ a: z.string().min(10) }), { a: 'a' }, '/a: Too small: expected string to have >=10 characters'],
  [
    z.object({ on: z.string(), by: z.string() }).refine(() => false, 'give on or by'),
    { on: 'give on', by: 'y' },
    'the value: give on or by',
  ],
  [
    v.pipe(v.string(), v.startsWith('https://', 'must start with https://')),
    'http://hunter2',
    'the value: must start with https://',
  ],
  [type({ n: 'string' }), { n: 100 }, '/n: n must be a string (was a number)'],
])('what a schema says of any value is told, though the value has something of it', async (schema, value, words) => {
  expect(await told(schema, value)).toBe(words)
})

test.each([
  [v.object({ a: v.number() }), { a: 'hunter2' }],
  [v.object({ a: v.number() }), { a: 'x' }],
  [v.object({ a: v.string() }), { a: 1234567 }],
  [type('"a" | "b"'), 'hunter2'],
  [z.string().refine(() => false, { error: (it) => `not ${String(it.input).slice(0, 6)}` }), 'hunter2'],
])('what it says of the value alone is not', async (schema, value) => {
  expect(await told(schema, value)).toMatch(/is not what it takes \(the schema's own message shows the value\)$/)
})

test('a schema that throws where it is asked again does no harm', async () => {
  let times = 0
  const schema = z.string().refine(() => {
    if (times++ > 0) throw new Error('hunter2')
    return false
  }, 'refused')
  expect(await told(schema, 'hunter2')).toBe('the value: refused')
})
