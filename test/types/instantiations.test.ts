import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ceilings } from './instantiations/ceilings.ts'
import { type Count, count, made } from './instantiations/count.ts'
import { base } from './instantiations/programs.ts'

type Name = keyof typeof ceilings
const names = Object.keys(ceilings) as Name[]
const counted = {} as Record<Name, Count>

beforeAll(async () => {
  for (const name of names) counted[name] = await count(name, ceilings[name].program)
}, 60_000)
afterAll(() => rm(made, { recursive: true, force: true }))

describe.each(['types', 'instantiations'] as const)('%s', (what) => {
  test.each(names)('%s', (name) => {
    const max = ceilings[name][what]
    const found = counted[name][what]
    const percent = ((100 * (found - max)) / max).toFixed(1)
    const message = `${ceilings[name].name}: ${found} ${what}, ${percent} % above the ceiling of ${max} (test/types/instantiations/ceilings.ts)`
    expect(found, message).toBeLessThanOrEqual(max)
    expect(found).toBeGreaterThan(0)
  })
})

/** Of what grows with the square, a step among 50 costs 2.5 times as much as one among 20. */
const muchMore = 1.4

/** What one step or route adds. */
const each = (name: Name, number: number) => (counted[name].instantiations - counted.base.instantiations) / number

test('a step costs about the same in a long chain, and a route in a large API', () => {
  expect(each('steps50', 50) / each('steps20', 20)).toBeLessThan(muchMore)
  expect(each('routes200', 200) / each('routes12', 12)).toBeLessThan(1)
})

test('counts are the same again', async () => {
  expect(await count('again', ceilings.steps20.program)).toEqual(counted.steps20)
})

test('what does not compile is not counted', async () => {
  await expect(count('wrong', `${base}\nlambda().handle(({ db }) => db)`)).rejects.toThrow(`'db' does not exist`)
})

test('a type that looks at every key in every step is seen', async () => {
  const quadratic = (number: number) => `${base}
    type All<T> = { [K in keyof T]: T[K] extends infer V ? [V] : never }
    declare const begin: Chain<{ a: 1 }>
    interface Chain<T> { use<A>(a: A & { [K in keyof T]?: All<T>[K] }): Chain<T & A> }
    begin${Array.from({ length: number }, (_, i) => `.use({ k${i}: 1 })`).join('')}`
  const of = async (number: number) =>
    ((await count(`quadratic${number}`, quadratic(number))).instantiations - counted.base.instantiations) / number
  expect((await of(50)) / (await of(20))).toBeGreaterThan(muchMore)
})
