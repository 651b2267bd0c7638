import { fresh, lambda, renew, resource } from '@fnware/core'
import { fakeContext, yields } from '@fnware/testing'
import { expect, test } from 'vitest'
import { declared, written } from '../test/written.ts'
import { metrics } from './index.ts'

type Stored = Awaited<ReturnType<typeof written>>['stored']
const healthOf = ({ metrics }: Stored) =>
  metrics.flatMap(({ name, values, dimensions: { resource, ...rest } }) => {
    if (resource === undefined) return []
    expect(rest).toEqual({ service: 'orders' })
    return [[resource, name, ...values]]
  })

test('what has changed is written, by resource, and nothing else', async () => {
  const health = { opened: 1, discarded: 0, open: 1, waiting: 0, name: 'x', broken: Number.NaN, 'no name\n': 1 }
  const handler = lambda()
    .use(metrics({ ...declared, health: true }))
    .use(resource('db', { init: () => ({ health }) }))
    .use(resource('cache', { init: () => ({ health: { opened: 2 } }) }))
    .handle(() => 1)
  const invoked = async () => healthOf((await written(() => handler({}, fakeContext()))).stored)
  expect(await invoked()).toEqual([
    ['db', 'opened', 1],
    ['db', 'open', 1],
    ['cache', 'opened', 2],
  ])
  expect(await invoked()).toEqual([])
  Object.assign(health, { opened: 5, discarded: 4, open: 3 })
  expect(await invoked()).toEqual([
    ['db', 'opened', 4],
    ['db', 'discarded', 4],
    // How many there are, and not how many more.
    ['db', 'open', 3],
  ])
  Object.assign(health, { opened: 1, open: 0 })
  expect(await invoked()).toEqual([
    // A new pool's.
    ['db', 'opened', 1],
    ['db', 'open', 0],
  ])
})

test('what is kept fresh', async () => {
  const handler = lambda()
    .use(metrics({ ...declared, health: true }))
    .use(
      resource('secrets', {
        init: async (_, { keep }) => {
          const cell = await keep(fresh(async () => ({})))
          return { read: () => cell.value }
        },
      }),
    )
    .handle(async (ctx) => {
      await renew(() => ctx.secrets.read())
    })
  const { stored } = await written(() => handler({}, fakeContext()))
  expect(healthOf(stored)).toEqual([
    ['secrets', 'fetched', 2],
    ['secrets', 'renewed', 1],
  ])
})

test('64 invocations that overlap write each change once', async () => {
  const health = { opened: 0, discarded: 0 }
  const handler = lambda()
    .use(metrics({ ...declared, health: true }))
    .use(resource('db', { init: () => ({ health }) }))
    .handle(async () => {
      health.opened++
      await yields()
      if (Math.random() < 0.5) health.discarded++
      await yields()
      health.opened += 2
    })
  const { stored } = await written(() => Promise.all(Array.from({ length: 64 }, () => handler({}, fakeContext()))))
  const sum = (name: string) =>
    stored.metrics.reduce((sum, it) => (it.name === name ? sum + (it.values[0] as number) : sum), 0)
  expect([sum('opened'), sum('discarded')]).toEqual([health.opened, health.discarded])
})

test('health that cannot be read harms nothing', async () => {
  const handler = lambda()
    .use(metrics({ ...declared, health: true, outcome: true }))
    .use(
      resource('db', {
        init: () =>
          Object.defineProperty({}, 'health', {
            get: () => {
              throw new Error('hostile')
            },
          }),
      }),
    )
    .handle(({ metrics }) => metrics.add('placed', 1))
  const { stored, logs } = await written(() => handler({}, fakeContext()))
  expect(stored.metrics.map(({ name }) => name)).toEqual(['placed', 'Errors', 'Timeouts', 'Refused', 'Duration'])
  expect(logs.stderr).toMatch(/a deferred function failed\nError: hostile/)
})
