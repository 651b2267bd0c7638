import { fakeContext } from '@fnware/testing'
import { expect, test, vi } from 'vitest'
import { healthOf, summed } from './health.ts'
import { fresh, lambda, renew, resource } from './index.ts'

const health = (ctx: never) => Object.fromEntries(healthOf(ctx))

test('what a value counts, by the resource’s key', async () => {
  const pool = resource('db', { init: () => ({ health: { opened: 2, discarded: 1, state: 'up' } }) })
  const plain = resource('plain', { init: () => 5 })
  const handler = lambda()
    .use(pool)
    .use(plain)
    .handle((ctx) => health(ctx as never))
  expect(await handler({}, fakeContext())).toEqual({ db: { opened: 2, discarded: 1 } })
})

test('without resources there is nothing to tell', async () => {
  const handler = lambda().handle((ctx) => [...healthOf(ctx)])
  expect(await handler({}, fakeContext())).toEqual([])
})

test('what is kept fresh: fetched, renewed, failed, and served stale', async () => {
  vi.useFakeTimers()
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  let fails = false
  const value = resource('flags', {
    init: async (_, { keep }) => {
      const cell = await keep(
        fresh(
          async () => {
            if (fails) throw new Error('down')
            return {}
          },
          { ttl: 1000 },
        ),
      )
      return { read: () => cell.value }
    },
  })
  const handler = lambda()
    .use(value)
    .handle(async (ctx) => health(ctx as never).flags)
  const invoked = () => handler({}, fakeContext())
  expect(await invoked()).toEqual({ fetched: 1, renewed: 0, failed: 0, stale: 0 })
  vi.setSystemTime(Date.now() + 1100)
  expect(await invoked()).toEqual({ fetched: 2, renewed: 0, failed: 0, stale: 0 })
  fails = true
  vi.setSystemTime(Date.now() + 950)
  await invoked()
  expect(await invoked()).toEqual({ fetched: 2, renewed: 0, failed: 1, stale: 0 })
  vi.setSystemTime(Date.now() + 1000)
  await invoked()
  expect(await invoked()).toEqual({ fetched: 2, renewed: 0, failed: 2, stale: 1 })
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('renewed', async () => {
  const value = resource('secrets', {
    init: async (_, { keep }) => {
      const cell = await keep(fresh(async () => ({})))
      return { read: () => cell.value }
    },
  })
  const handler = lambda()
    .use(value)
    .handle(async (ctx) => {
      await renew(() => ctx.secrets.read())
      return health(ctx as never).secrets
    })
  expect(await handler({}, fakeContext())).toEqual({ fetched: 2, renewed: 1, failed: 0, stale: 0 })
})

test('a stand-in of a test’s is asked like any other', async () => {
  const db = resource('db', { init: () => ({ health: { opened: 0 } }) })
  const handler = lambda()
    .use(db)
    .handle((ctx) => health(ctx as never))
  expect(await handler.with({ db: { health: { opened: 7 } } })({}, fakeContext())).toEqual({ db: { opened: 7 } })
})

test('counts are added up, and what is no count is left out', () => {
  expect(summed([{ a: 1, b: 'x' }, undefined, { a: 2, c: 3 }, null, 5])).toEqual({ a: 3, c: 3 })
})
