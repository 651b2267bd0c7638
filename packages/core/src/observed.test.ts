import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { observe, observed, observing, type Work } from './observed.ts'

const query: Work = { name: 'select', kind: 'sql' }
const never = (): Work => {
  throw new Error('nobody asked what it is')
}
/** Spans by whom they belong to: nothing is traced beyond it. */
const traced = new AsyncLocalStorage<string[]>()
observe((work) => {
  const seen = traced.getStore()
  if (!seen) return undefined
  const { name } = work()
  seen.push(`${name} begins`)
  return (error) => seen.push(`${name} ends${error === undefined ? '' : `: ${(error as Error).message}`}`)
})

test('where nothing is traced nobody is asked what it is', async () => {
  expect(await observed(never, async () => 1)).toBe(1)
  await expect(observed(never, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test('its begin and its end are told, with what it failed with', async () => {
  const seen: string[] = []
  await traced.run(seen, async () => {
    expect(
      await observed(
        () => query,
        async () => seen.push('runs'),
      ),
    ).toBe(2)
    await observed(
      () => query,
      async () => {
        throw new Error('deadlock')
      },
    ).catch(() => {})
  })
  expect(seen).toEqual(['select begins', 'runs', 'select ends', 'select begins', 'select ends: deadlock'])
})

test('what ends by a callback', () => {
  expect(observing(never)).toBeUndefined()
  const seen: string[] = []
  const end = traced.run(seen, () => observing(() => query))
  end?.(new Error('too late'))
  expect(seen).toEqual(['select begins', 'select ends: too late'])
})

test('several are told, each whose it is', async () => {
  const others = new AsyncLocalStorage<string[]>()
  observe((work) => {
    const seen = others.getStore()
    seen?.push(`${work().name} begins`)
    return seen && (() => seen.push('over'))
  })
  const [one, two]: [string[], string[]] = [[], []]
  await traced.run(one, () =>
    others.run(two, () =>
      observed(
        () => query,
        async () => {},
      ),
    ),
  )
  expect([one, two]).toEqual([
    ['select begins', 'select ends'],
    ['select begins', 'over'],
  ])
})

test('what it throws is what is thrown', async () => {
  const error = new Error('as it is')
  const rejected = traced.run([], () =>
    observed(
      () => query,
      () => Promise.reject(error),
    ),
  )
  await expect(rejected).rejects.toBe(error)
})

test('64 at once are each told where they belong', async () => {
  const all = Array.from({ length: 64 }, (_, i) => {
    const seen: string[] = []
    return traced.run(seen, () =>
      observed(
        () => ({ ...query, name: `q${i}` }),
        () => new Promise((resolve) => setTimeout(() => resolve(seen), Math.random() * 20)),
      ),
    )
  })
  const seen = await Promise.all(all)
  expect(seen).toEqual(seen.map((_, i) => [`q${i} begins`, `q${i} ends`]))
})

test('who shows it and fails harms nothing of it: no result, no error, and no other who shows it', async () => {
  const broken = () => {
    throw new Error('of the observer')
  }
  const on = new AsyncLocalStorage<'begins' | 'ends'>()
  observe(() => (on.getStore() === 'begins' ? broken() : on.getStore() && broken))
  const error = new Error('as it is')
  for (const fails of ['begins', 'ends'] as const) {
    const seen: string[] = []
    await traced.run(seen, () =>
      on.run(fails, async () => {
        expect(
          await observed(
            () => query,
            async () => 1,
          ),
        ).toBe(1)
        await expect(
          observed(
            () => query,
            () => Promise.reject(error),
          ),
        ).rejects.toBe(error)
      }),
    )
    expect(seen).toEqual(['select begins', 'select ends', 'select begins', 'select ends: as it is'])
  }
})

test('what throws at once has ended as well', () => {
  const seen: string[] = []
  const error = new Error('at once')
  const runs = () => {
    throw error
  }
  expect(() => traced.run(seen, () => observed(() => query, runs))).toThrow(error)
  expect(seen).toEqual(['select begins', 'select ends: at once'])
})
