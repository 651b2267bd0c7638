import { collectLogs, fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { echo } from '../test/echo.ts'
import { bad, fail, refuseUnhandled, run, soon, thenable } from '../test/hostile.ts'
import { lambda, resource, stack } from './index.ts'

refuseUnhandled()

const never = () => new Promise<never>(() => {})
const used = async (init: () => unknown, timeout = 30_000) => {
  const invoke = lambda(echo(), { grace: 0 })
    .use(resource('fine', { init: () => 'fine' }))
    .use(resource('it', { init }))
    .handle(({ fine }) => fine)
  return (await collectLogs(() => invoke({ n: 1 }, fakeContext({ timeout })))).result
}

describe('an init that', () => {
  test.each<[string, () => unknown, string]>([
    ['throws', () => fail('init'), 'init'],
    ['rejects with nothing', () => Promise.reject(undefined), 'undefined'],
    [
      'throws what cannot be looked at',
      () => {
        throw bad.revoked
      },
      'could not be made',
    ],
    [
      'throws an object without a prototype',
      () => {
        throw Object.create(null)
      },
      'could not be made',
    ],
    ['gives a revoked Proxy', () => bad.revoked, 'revoked'],
    ['gives a Proxy that throws', () => bad.proxy, 'get'],
    ['gives what cannot be awaited', () => bad.thenable, 'then'],
    ['gives a thenable that fails', () => thenable((_, reject) => reject?.(new Error('later'))), 'later'],
  ])('%s is a ResourceError, for each that asks', async (_, init, says) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => used(init)))
    for (const answer of answers)
      expect(answer).toMatchObject({ error: 'ResourceError', message: expect.stringContaining(says) })
  })

  test.each<[string, () => unknown]>([
    ['never ends', never],
    ['gives a thenable that never settles', () => thenable(() => {})],
  ])('%s is the deadline’s to answer, for each that waits', async (_, init) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => used(init, 40)))
    for (const answer of answers) expect(answer).toMatchObject({ error: 'DeadlineError' })
  })

  test('gives undefined, null or a frozen value has made it', async () => {
    for (const value of [undefined, null, 0, Object.freeze({ a: 1 })]) {
      const handler = lambda<unknown, unknown>()
        .use(resource('it', { init: () => value }))
        .handle((ctx) => ['it' in ctx, ctx.it])
      expect(await handler({}, fakeContext())).toEqual([true, value])
    }
  })

  test('fails after its invocation was answered leaves nothing unhandled, and the next tries again', async () => {
    let attempts = 0
    const handler = lambda(echo(), { grace: 0 })
      .use(
        resource('slow', {
          init: async () => {
            if (++attempts > 1) return 'there'
            await new Promise((resolve) => setTimeout(resolve, 80))
            return fail('too late')
          },
        }),
      )
      .handle(({ slow }) => slow)
    expect(await handler({ n: 1 }, fakeContext({ timeout: 40 }))).toMatchObject({ error: 'DeadlineError' })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await handler({ n: 2 }, fakeContext())).toEqual({ value: 'there' })
  })
})

describe('what an init reads', () => {
  const reading = async (select: (all: never) => unknown) => {
    const invoke = lambda(echo(), { grace: 0 })
      .use(resource('before', { init: () => ({ a: 1 }) }))
      .use(resource('it', { init: (_: {}, { read }) => read(select as never) }))
      .use(resource('after', { init: () => 2 }))
      .handle(({ it }) => it)
    return (await collectLogs(() => invoke({ n: 1 }, fakeContext({ timeout: 60 })))).result
  }

  test.each<[string, (all: { before: unknown; it: { x: 1 }; after: { x: 1 } }) => unknown, object]>([
    ['is there', ({ before }) => before, { value: { a: 1 } }],
    ['is itself', ({ it }) => it.x, { error: 'ResourceError' }],
    ['comes after it', ({ after }) => after.x, { error: 'ResourceError' }],
    ['throws', () => fail('select'), { error: 'ResourceError', message: expect.stringContaining('select') }],
    ['never comes', never, { error: 'DeadlineError' }],
    ['cannot be looked at', () => bad.revoked, { error: 'ResourceError' }],
    ['is written to', (all) => Object.assign(all, { before: 1 }), { error: 'ResourceError' }],
  ])('%s', async (_, select, answer) => {
    expect(await reading(select as never)).toMatchObject(answer)
  })

  test('in a circle is refused when it is used', () => {
    type Both = { a: unknown; b: unknown }
    const a = resource('a', { needs: ['b'], init: ({ b }: Pick<Both, 'b'>) => b })
    const b = resource('b', { needs: ['a'], init: ({ a }: Pick<Both, 'a'>) => a })
    const round = stack<Both>()
      .use(a as never)
      .use(b as never)
    expect(() => lambda().use(round as never)).toThrow('`a` needs `b`: .use() what provides it, earlier in the chain')
    expect(() => lambda().use(resource('c', { needs: ['c'], init: () => 1 } as never) as never)).toThrow('needs `c`')
  })
})

describe('a disposal that', () => {
  const disposing = async (dispose: () => unknown) => {
    const disposed: string[] = []
    const handler = lambda<unknown, unknown>()
      .use(resource('first', { init: () => 1, dispose: () => void disposed.push('first') }))
      .use(resource('bad', { init: () => 2, dispose }))
      .use(resource('last', { init: () => 3, dispose: () => void disposed.push('last') }))
      .handle(({ first, bad, last }) => [first, bad, last])
    await handler({}, fakeContext())
    const outcome = await handler.dispose().then(
      () => 'disposed',
      (error) => error,
    )
    return { disposed, outcome, again: await handler({}, fakeContext()) }
  }

  test.each<[string, () => unknown, string]>([
    ['throws', () => fail('no'), 'dispose failed'],
    ['rejects', () => Promise.reject(undefined), 'dispose failed'],
    ['gives a revoked Proxy', () => bad.revoked, 'dispose failed'],
  ])('%s is told, keeps no other from its own, and everything can be made anew', async (_, dispose, says) => {
    const { disposed, outcome, again } = await disposing(dispose)
    expect(disposed).toEqual(['last', 'first'])
    expect(outcome).toMatchObject({ name: 'AggregateError', message: says })
    expect(outcome.errors).toHaveLength(1)
    expect(again).toEqual([1, 2, 3])
  })

  test('comes while invocations run gives each of them a whole environment', async () => {
    let made = 0
    const live = new Set<number>()
    const pool = resource('pool', {
      init: async () => {
        await soon()
        live.add(++made)
        return made
      },
      dispose: async (it) => {
        await soon()
        live.delete(it)
      },
    })
    const handler = lambda<unknown, unknown>()
      .use(pool)
      .handle(async ({ pool }) => {
        await soon()
        return pool
      })
    for (let round = 0; round < 10; round++) {
      const results = Promise.all(Array.from({ length: 8 }, () => handler({}, fakeContext())))
      if (round % 2) await soon()
      await handler.dispose()
      for (const pool of await results) expect(pool).toEqual(expect.any(Number))
    }
    await handler({}, fakeContext())
    await handler.dispose()
    expect([...live]).toEqual([])
  })
})

describe.each(['plain', 'echo'] as const)('%s: what is deferred', (source) => {
  test.each<[string, () => unknown]>([
    ['throws', () => fail('deferred')],
    ['rejects', () => Promise.reject(new Error('deferred'))],
    [
      'throws what cannot be looked at',
      () => {
        throw bad.revoked
      },
    ],
    ['rejects with what cannot be looked at', () => Promise.reject(bad.proxy)],
    ['gives a revoked Proxy', () => bad.revoked],
    ['gives what cannot be awaited', () => bad.thenable],
  ])('and %s is warned of, and the others run', async (_, deferred) => {
    const ran: string[] = []
    const handler = (ctx: { defer(fn: () => unknown): void }) => {
      for (const fn of [() => ran.push('first'), deferred, () => ran.push('last')]) ctx.defer(fn)
      return 'fine'
    }
    const [outcome, stderr] = await run(source, (_, next) => next(), handler as never)
    expect([outcome, ran]).toEqual(['fine', ['last', 'first']])
    expect(stderr).toContain('id: a deferred function failed')
  })

  test('and never ends holds the answer until the time is nearly up', async () => {
    const handler = (ctx: { defer(fn: () => unknown): void }) => {
      ctx.defer(never)
      ctx.defer(() => thenable(() => {}))
      return 'fine'
    }
    const [outcome, stderr] = await run(source, (_, next) => next(), handler as never, 120)
    expect(outcome).toBe('fine')
    expect(stderr).toContain('deferred functions are still running')
  })

  test('by what is deferred runs too, and what is no function is refused', async () => {
    const ran: string[] = []
    const handler = (ctx: { defer(fn: unknown): void }) => {
      for (const none of [undefined, null, 'text', {}, bad.revoked]) expect(() => ctx.defer(none)).toThrow(TypeError)
      ctx.defer(() => {
        ran.push('outer')
        ctx.defer(() => ran.push('inner'))
      })
      return 'fine'
    }
    expect((await run(source, (_, next) => next(), handler as never))[0]).toBe('fine')
    expect(ran).toEqual(['outer', 'inner'])
  })
})
