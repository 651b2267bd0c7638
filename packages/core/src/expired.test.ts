import { expect, test } from 'vitest'
import { kill } from './expired.ts'

test('whatever is written to a context that was killed throws, also under a symbol', () => {
  const ctx: Record<PropertyKey, unknown> = { own: 1 }
  kill(ctx)
  for (const key of ['own', 'other', Symbol('key')])
    expect(() => {
      ctx[key] = 2
    }).toThrow()
  expect(Reflect.ownKeys(ctx)).toEqual(['own'])
})

test('a symbol of a context that was killed is just not there: those who print it ask for some', () => {
  const ctx = {}
  kill(ctx)
  expect(Reflect.get(ctx, Symbol.toStringTag)).toBeUndefined()
})
