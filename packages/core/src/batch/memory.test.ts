import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'
import { batch } from '../extend.ts'
import { lambda } from '../index.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('what a record gave is let go while the records after it are under way', async () => {
  const results: WeakRef<object>[] = []
  const held: number[] = []
  const source = batch({
    name: 'numbers',
    records: (event: readonly { readonly n: number }[]) => event,
    id: ({ n }) => `${n}`,
    open: ({ n }) => ({ n }),
    payload: ({ n }) => n,
    answer: ({ undone }) => undone.length,
  })
  const handler = lambda(source).each(
    (_, next) => next(),
    async ({ n }) => {
      await turn()
      collect()
      if (n === 3) held.push(results.filter((result) => result.deref()).length)
      const result = { n }
      results.push(new WeakRef(result))
      return result
    },
  )
  expect(await handler([{ n: 1 }, { n: 2 }, { n: 3 }], fakeContext())).toBe(0)
  expect(held).toEqual([0])
})
