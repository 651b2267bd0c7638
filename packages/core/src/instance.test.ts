import { expect, test } from 'vitest'
import { Instance } from './instance.ts'
import type { Init } from './resource.ts'

const instance = (init: unknown, scope?: Map<string, Instance>) =>
  new Instance({ key: 'it', needs: [], init } as never, scope ?? new Map())

test('an instance is made once, by an attempt that all share', async () => {
  let attempts = 0
  const it = instance(async () => {
    if (++attempts === 1) throw new Error('not yet')
    return attempts
  })
  await expect(it.make()).rejects.toThrow('not yet')
  await Promise.all([it.make(), it.make()])
  await it.make()
  expect([it.made, it.value, attempts]).toEqual([true, 2, 2])
})

test('an instance is made when what it reads is there', async () => {
  let reads = 0
  const select = (all: { other: number }) => {
    if (++reads > 9) throw new Error('has read enough')
    return all.other + 1
  }
  const other = instance(() => 1)
  const it = instance((_: object, { read }: Init<{ other: number }>) => read(select), new Map([['other', other]]))
  await it.make()
  expect([it.value, reads]).toEqual([2, 2])
})
