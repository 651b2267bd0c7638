import { type Handler, HttpError, lambda } from '@fnware/core'
import { http, reply } from '@fnware/http'
import { fakeContext, httpApiEvent, yields } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { declared, written } from '../test/written.ts'
import { type Metrics, metrics } from './index.ts'

interface Measured {
  readonly metrics: Metrics<'placed', 'tenant'>
}

type Lambda = Handler<never, unknown>
/** What one invocation of a function makes of its metrics, whatever becomes of it. */
const ended = async (handler: Handler<never, unknown> | object, timeout = 30_000) => {
  const { stored, logs } = await written(() =>
    (handler as Lambda)(
      httpApiEvent({ path: '/orders/1' }) as never,
      fakeContext({ awsRequestId: 'id-1', timeout }),
    ).catch(() => {}),
  )
  return {
    stored: stored.metrics.map(({ name, values, dimensions: { tenant } }) => [name, values, tenant]),
    warnings: logs.text.filter((line) => line.startsWith('id-1: metrics')),
  }
}
const base = lambda(http()).use(metrics(declared))
const plain = lambda().use(metrics(declared))
const once = { stored: [['placed', [1], 'a']], warnings: [] }
const add = ({ metrics }: Measured) => {
  metrics.add('placed', 1)
  metrics.dimensions({ tenant: 'a' })
}

describe('metrics are written once', () => {
  test('after a result', async () => {
    expect(await ended(base.handle((ctx) => add(ctx)))).toEqual(once)
    expect(await ended(plain.handle((ctx) => add(ctx)))).toEqual(once)
  })

  test('after an error, be it answered or thrown', async () => {
    const thrown = async (ctx: Measured) => {
      add(ctx)
      await yields()
      throw new Error('boom')
    }
    expect(await ended(base.handle(thrown))).toEqual(once)
    expect(await ended(plain.handle(thrown))).toEqual(once)
    const refused = (ctx: Measured) => {
      add(ctx)
      throw new HttpError(404)
    }
    expect(await ended(base.handle(refused))).toEqual(once)
  })

  test('after an early reply', async () => {
    const handler = base
      .use(async (ctx, next) => {
        add(ctx)
        return ctx.request.path === '/' ? next() : reply(403)
      })
      .handle(() => 1)
    expect(await ended(handler)).toEqual(once)
  })

  test('after a middleware that failed', async () => {
    const handler = base
      .use((ctx, next) => {
        add(ctx)
        if (ctx.request.path !== '/') throw new Error('boom')
        return next()
      })
      .handle(() => 1)
    expect(await ended(handler)).toEqual(once)
  })

  test('at the deadline of a handler that hangs', async () => {
    const handler = lambda(http(), { deadline: 100, grace: 10 })
      .use(metrics(declared))
      .handle(async (ctx) => {
        add(ctx)
        await new Promise(() => {})
      })
    expect(await ended(handler, 300)).toEqual(once)
  })

  test('before Lambda’s timeout, where there is no source to answer a function that hangs', async () => {
    const started: string[] = []
    const handler = plain.handle(async (ctx) => {
      const { id, metrics } = { id: ctx.context.awsRequestId, metrics: ctx.metrics }
      started.push(id)
      metrics.add('placed', started.length)
      metrics.dimensions({ tenant: 'a' })
      if (id !== 'ends') await new Promise(() => {})
    })
    const { stored, logs } = await written(async () => {
      await handler({}, fakeContext({ awsRequestId: 'ends', timeout: 250 }))
      void handler({}, fakeContext({ awsRequestId: 'hangs', timeout: 300 }))
      void handler({}, fakeContext({ awsRequestId: 'has no limit', timeout: 2 ** 40 }))
      void handler({}, fakeContext({ awsRequestId: 'hangs longer', timeout: 500 }))
      await new Promise((later) => setTimeout(later, 480))
    })
    expect(stored.metrics.map(({ values, dimensions }) => [values[0], dimensions.tenant])).toEqual([
      [1, 'a'],
      [2, 'a'],
      [4, 'a'],
    ])
    expect(logs.stderr).toBe('')
  })

  test('where a function adds more in the last moment, all of it', async () => {
    const handler = plain.handle(async (ctx) => {
      add(ctx)
      await new Promise((later) => setTimeout(later, 180))
      ctx.metrics.add('placed', 2)
    })
    expect(await ended(handler, 200)).toEqual({
      stored: [
        ['placed', [1], 'a'],
        ['placed', [2], 'a'],
      ],
      warnings: [],
    })
  })

  test('with what a stream adds while it is read', async () => {
    const handler = base.handle((ctx) => {
      ctx.metrics.dimensions({ tenant: 'a' })
      async function* pieces() {
        yield 'a'
        await yields()
        ctx.metrics.add('placed', 1)
        yield 'b'
      }
      return new Response(ReadableStream.from(pieces()).pipeThrough(new TextEncoderStream()))
    })
    expect(await ended(handler)).toEqual(once)
  })

  test('with what deferred functions add at once, whenever they were deferred', async () => {
    const handler = base
      .use((ctx, next) => {
        ctx.defer(() => ctx.metrics.add('size', 1))
        return next()
      })
      .handle((ctx) => {
        add(ctx)
        ctx.defer(() => ctx.metrics.add('latency', 1))
      })
    expect(await ended(handler)).toEqual({
      stored: [
        ['placed', [1], 'a'],
        ['latency', [1], 'a'],
        ['size', [1], 'a'],
      ],
      warnings: [],
    })
  })
})

describe('what is added when they have been written is written apart, and told', () => {
  const late = (name: string) => [
    `id-1: metrics: \`${name}\` was added when the metrics of its invocation had been written: it is written apart`,
  ]

  test('by a deferred function that waits', async () => {
    const handler = plain.handle((ctx) => {
      add(ctx)
      ctx.defer(async () => {
        await yields()
        ctx.metrics.add('latency', 1)
        ctx.metrics.add('placed', 2)
        ctx.metrics.add('latency', 3)
      })
    })
    expect(await ended(handler)).toEqual({
      stored: [
        ['placed', [1], 'a'],
        ['latency', [1, 3], 'a'],
        ['placed', [2], 'a'],
      ],
      warnings: late('latency'),
    })
  })

  test('after the answer, also where it is the first', async () => {
    let later = Promise.resolve()
    const handler = plain.handle((ctx) => {
      const { metrics } = ctx
      metrics.dimensions({ tenant: 'a' })
      later = (async () => {
        await new Promise((soon) => setTimeout(soon, 20))
        metrics.add('placed', 1)
        await yields()
      })()
    })
    const it = await ended(async (event: never, context: never) => {
      await (handler as Lambda)(event, context)
      await later
    })
    expect(it).toEqual({ stored: [['placed', [1], 'a']], warnings: late('placed') })
  })

  test('after the deadline, when the context is dead', async () => {
    let later = Promise.resolve()
    const handler = lambda(http(), { deadline: 100, grace: 10 })
      .use(metrics(declared))
      .handle((ctx) => {
        const { metrics } = ctx
        metrics.dimensions({ tenant: 'a' })
        metrics.metadata('order', 1)
        later = (async () => {
          await new Promise((soon) => setTimeout(soon, 400))
          metrics.add('placed', 1)
          await yields()
        })()
        return later
      })
    const it = await ended(async (event: never, context: never) => {
      await (handler as unknown as Lambda)(event, context)
      await later
    }, 300)
    expect(it).toEqual({ stored: [['placed', [1], 'a']], warnings: late('placed') })
  })
})
