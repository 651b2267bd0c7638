import { appendFileSync } from 'node:fs'
import { fresh, HttpError, lambda, live, resource } from '@fnware/core'
import { batch } from '@fnware/core/extend'
import { http, reply } from '@fnware/http'
import { logger } from '@fnware/logger'
import { albEvent, fakeContext, httpApiEvent } from '@fnware/testing'

// Runs a function many times, in a process of its own with --expose-gc, and writes down what stays.

type Handler = (event: never, context: never) => Promise<unknown>
const { gc } = globalThis as { gc?: () => void }

const shared = resource('shared', {
  init: async (_: {}, { keep }) => live({ value: await keep(fresh(async () => ({ a: 1 }), { ttl: 5 })) }),
})
const orders = lambda(http())
  .use(logger({ level: 'SILENT' }))
  .use(shared)
  .use(async ({ signal }, next) => {
    signal.addEventListener('abort', () => {})
    return next({ a: 1 }, () => {})
  })
  .routes((r) => {
    r.post('/orders/{id}', async ({ request, params, body, shared }) => {
      return { ...params, ...(body as object), ...request.headers, ...request.cookies, ...shared.value }
    })
    r.get('/fails', () => {
      throw new HttpError(409, 'x'.repeat(1000))
    })
    r.get('/early', () => reply(304))
  })

const pool = resource('pool', { init: () => ({ a: 1 }), dispose: () => {} })

/** Each gives a fresh event. */
const functions: Readonly<Record<string, readonly [Handler, (i: number) => unknown]>> = {
  plain: [
    lambda()
      .use((ctx, next) => {
        ctx.signal.addEventListener('abort', () => {})
        return next({ a: 1 }, () => {})
      })
      .handle(async (ctx) => {
        ctx.defer(async () => {})
        return ctx.a
      }) as Handler,
    (i) => ({ i }),
  ],
  http: [
    orders as Handler,
    (i) =>
      httpApiEvent({
        path: `/orders/${i}`,
        query: { [`q${i}`]: 'x' },
        headers: { [`x-header-${i}`]: 'x' },
        cookies: { [`c${i}`]: 'x' },
        body: { [`key${i}`]: 1 },
      }),
  ],
  refused: [orders as Handler, (i) => httpApiEvent({ path: i % 2 ? '/fails' : `/nothing/${i}` })],
  broken: [
    orders as Handler,
    (i) =>
      albEvent({ method: 'POST', path: '/orders/1', headers: { 'content-type': 'application/json' }, body: `{"${i}` }),
  ],
  functions: [
    async (event, context) =>
      lambda<unknown, unknown>()
        .use(pool)
        .handle(({ pool }) => pool.a)(event, context),
    (i) => ({ i }),
  ],
  batch: [
    lambda(
      batch({
        name: 'queue',
        records: (event: readonly number[]) => event.map((id) => ({ id })),
        id: ({ id }) => `${id}`,
        open: (record) => ({ record }),
        payload: ({ record }) => record,
        answer: ({ undone }) => undone.length,
      }),
    )
      .use(logger({ level: 'SILENT' }))
      .each(
        ({ record }, next) => next({ id: record.id }, () => {}),
        async ({ id }) => {
          if (id % 2) throw new Error(`${id}`)
        },
        { concurrency: 2 },
      ) as Handler,
    (i) => [i, i + 1, i + 2],
  ],
}

/** Bytes of heap, and everything that holds on to something. */
const held = async () => {
  for (let i = 0; i < 4; i++) {
    gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  return { heap: process.memoryUsage().heapUsed, resources: process.getActiveResourcesInfo().length, listeners }
}

const [name = '', leak] = process.argv.slice(2)
const [handler, event] = functions[name] as (typeof functions)[string]
const kept: unknown[] = []
const run = async (count: number) => {
  for (let i = 0; i < count; i += 10)
    await Promise.all(
      Array.from({ length: 10 }, async (_, j) => {
        const result = await handler(event(i + j) as never, fakeContext() as never).catch((error: Error) => error)
        if (leak) kept.push({ of: i + j, result: typeof result, more: [i] })
      }),
    )
}
await run(4000)
const before = await held()
await run(10_000)
const after = await held()
appendFileSync(1, JSON.stringify({ before, after }))
process.exit()
