import { HttpError, lambda } from '@fnware/core'
import { batch } from '@fnware/core/extend'
import { http, reply } from '@fnware/http'
import { fakeContext, httpApiEvent } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { declared, written } from '../test/written.ts'
import { metrics } from './index.ts'

const told = metrics({ ...declared, defaultDimensions: { stage: 'live' }, outcome: true })
const api = lambda(http(), { deadline: 100, grace: 10 })
  .use(told)
  .routes((r) => {
    r.get('/orders/{id}', ({ params, metrics }) => {
      metrics.dimensions({ tenant: 'a' })
      metrics.add('placed', 1)
      if (params.id === 'refused') throw new HttpError(409)
      if (params.id === 'not there') return reply(404)
      if (params.id === 'not yet') return reply(503)
      if (params.id === 'elsewhere') return reply(302)
      if (params.id === 'broken') throw new Error('boom')
      return params.id === 'hung' ? new Promise<never>(() => {}) : { id: params.id }
    })
    r.any('/any', () => 1)
  })

const outcomes = async (fn: () => unknown) => {
  const { stored } = await written(fn)
  const sets = new Map<string, Record<string, number>>()
  for (const { name, dimensions, values, unit } of stored.metrics) {
    if (name === 'placed') continue
    expect(values).toHaveLength(1)
    expect(dimensions).toMatchObject({ service: 'orders', stage: 'live' })
    expect(dimensions).not.toHaveProperty('tenant')
    const key = `${dimensions.route ?? 'all'}`
    const { [key]: set = {} } = Object.fromEntries(sets)
    sets.set(key, { ...set, [name]: name === 'Duration' ? Number(unit === 'Milliseconds') : (values[0] as number) })
    if (name === 'Duration') expect(values[0]).toBeGreaterThan(0)
  }
  return Object.fromEntries(sets)
}
const request = (path: string, method = 'GET') =>
  outcomes(() => api(httpApiEvent({ path, method }), fakeContext({ timeout: 300 })))
const of = (more: object = {}) => ({ Errors: 0, Timeouts: 0, Refused: 0, Duration: 1, ...more })

describe('how an invocation ended, in all and by its route', () => {
  const route = 'GET /orders/{id}'
  test.each<[string, object]>([
    ['fine', {}],
    ['refused', { Refused: 1 }],
    ['broken', { Errors: 1 }],
    ['hung', { Errors: 1, Timeouts: 1 }],
    ['not there', { Refused: 1 }],
    ['not yet', { Errors: 1 }],
    ['elsewhere', {}],
  ])('%s', async (id, more) => {
    expect(await request(`/orders/${encodeURIComponent(id)}`)).toEqual({ all: of(more), [route]: of(more) })
  })

  test('what a client made up is no dimension', async () => {
    expect(await request('/nothing')).toEqual({ all: of({ Refused: 1 }) })
    expect(await request('/orders/1', 'POST')).toEqual({ all: of({ Refused: 1 }) })
    expect(await request('/any', 'BREW')).toEqual({ all: of(), 'ANY /any': of() })
    expect(await request('/any', 'PATCH')).toEqual({ all: of(), 'PATCH /any': of() })
    expect(await request('/orders/1', 'HEAD')).toEqual({ all: of(), 'HEAD /orders/{id}': of() })
  })
})

test('of a function without a source', async () => {
  const plain = (fn: () => unknown) => () =>
    lambda()
      .use(told)
      .handle(fn)({}, fakeContext())
      .catch(() => {})
  expect(await outcomes(plain(() => 1))).toEqual({ all: of() })
  const boom = () => {
    throw new Error('boom')
  }
  expect(await outcomes(plain(boom))).toEqual({ all: of({ Errors: 1 }) })
})

test('of a batch, with its records', async () => {
  const records = batch<readonly number[], { n: number }, object, { n: number }>({
    name: 'numbers',
    records: (event) => event.map((n) => ({ n })),
    id: ({ n }) => `${n}`,
    open: (record) => record,
    payload: ({ n }) => n,
    answer: ({ undone }) => ({ failed: undone.length }),
  })
  const handler = lambda(records)
    .use(told)
    .each(({ n, metrics }) => {
      metrics.add('placed', n)
      // Of this record alone.
      metrics.dimensions({ tenant: n % 2 ? 'odd' : 'even' })
      if (n > 3) throw new Error('boom')
    })
  expect(await outcomes(() => handler([1, 2, 3, 4, 5], fakeContext()))).toEqual({
    all: of({ Records: 5, FailedRecords: 2 }),
  })
  const { stored } = await written(() => handler([1, 2, 3], fakeContext()))
  expect(stored.metrics.filter(({ name }) => name === 'placed')).toMatchObject([
    { values: [1, 3], dimensions: { tenant: 'odd' } },
    { values: [2], dimensions: { tenant: 'even' } },
  ])
})

test('metrics of records alone', async () => {
  const letters = batch<readonly string[], { id: string }, object, { id: string }>({
    name: 'letters',
    records: (event) => event.map((id) => ({ id })),
    id: ({ id }) => id,
    open: (record) => record,
    payload: ({ id }) => id,
    answer: ({ undone }) => ({ failed: undone.length }),
  })
  const handler = lambda(letters).each(
    metrics(declared),
    ({ id, metrics }) => {
      metrics.dimensions({ tenant: id })
      metrics.add('placed', 1)
    },
    { concurrency: 2 },
  )
  const { stored } = await written(() => handler(['a', 'b', 'c'], fakeContext()))
  expect(stored.metrics.map(({ dimensions }) => dimensions.tenant).sort()).toEqual(['a', 'b', 'c'])
})
