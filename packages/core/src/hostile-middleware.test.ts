import { describe, expect, test } from 'vitest'
import { bad, fail, handlers, refuseUnhandled, run, type Step, soon, thenable } from '../test/hostile.ts'

refuseUnhandled()

const throwing = (value: unknown): Step[] => [
  () => {
    throw value
  },
  async () => {
    throw value
  },
  (_, next) => {
    next()
    throw value
  },
  async (_, next) => {
    await next()
    throw value
  },
]
const dropping: Readonly<Record<string, readonly [step: Step, outcome: string]>> = {
  'next() and replies': [
    (_, next) => {
      next()
      return Promise.resolve('reply')
    },
    'reply',
  ],
  'next() and replies later': [
    async (_, next) => {
      next()
      await soon()
      return 'reply'
    },
    'reply',
  ],
  'a late next()': [
    async (_, next) => {
      await soon()
      next()
      return 'reply'
    },
    'reply',
  ],
  'next() and throws at once': [
    (_, next) => {
      next()
      return fail('mine')
    },
    'mine',
  ],
  'next() and rejects': [
    async (_, next) => {
      next()
      return fail('mine')
    },
    'mine',
  ],
  'a late next() and rejects': [
    async (_, next) => {
      await soon()
      next()
      return fail('mine')
    },
    'mine',
  ],
  'the first next() of two': [
    (_, next) => {
      next()
      return next()
    },
    'a middleware called next() twice',
  ],
}

describe.each(['plain', 'echo'] as const)('%s: a middleware that', (source) => {
  test.each(Object.entries(dropping))('drops %s leaves nothing unhandled', async (_, [step, says]) => {
    const async: Step = async (_, next) => await next()
    // To look after what still runs when a reply is given would cost every async middleware a third of its time.
    for (const handler of says === 'reply' ? [handlers.returns] : Object.values(handlers))
      for (const steps of [[step], [step, step], [async, step, async], [(_, next) => next(), step, async] as Step[]]) {
        const [outcome] = await run(source, steps, handler)
        expect(outcome).toEqual(expect.stringContaining(says))
      }
  })

  test('calls next() again when it is over is told so', async () => {
    const again: Step = async (_, next) => {
      await next().catch(() => {})
      return next()
    }
    for (const handler of Object.values(handlers))
      expect((await run(source, again, handler))[0]).toContain('a middleware called next() twice')
  })

  test('calls next() when the invocation has ended runs its handler once', async () => {
    let late: ((...args: unknown[]) => Promise<unknown>) | undefined
    let handled = 0
    const step: Step = async (_, next) => {
      late = next
      return 'early'
    }
    const handler = async () => {
      handled++
      return fail('late')
    }
    expect((await run(source, step, handler))[0]).toBe('early')
    await expect(late?.()).rejects.toThrow('late')
    await expect(late?.()).rejects.toThrow('twice')
    expect(handled).toBe(1)
  })

  test.each([
    ['undefined', undefined, 'undefined was thrown'],
    ['null', null, 'null was thrown'],
    ['a string', 'oops', '"oops" was thrown'],
    ['a symbol', Symbol('s'), 'Symbol(s) was thrown'],
    ['a function', () => {}, 'was thrown'],
    ['a BigInt', 5n, '5 was thrown'],
    ['an object without a prototype', Object.create(null), 'an object was thrown'],
    ['a frozen Error', Object.freeze(new Error('frozen')), 'frozen'],
    ['an Error without a stack', Object.defineProperty(new Error('x'), 'stack', { value: undefined }), 'x'],
    ['an Error that is its own cause', bad.round, 'round'],
    ['an Error with a cause that cannot be looked at', bad.cause, 'outer'],
    ['an Error that cannot be looked at', bad.error, 'cannot be looked at'],
    ['a Proxy that throws', bad.proxy, 'cannot be looked at'],
    ['a revoked Proxy', bad.revoked, 'cannot be looked at'],
  ])('throws %s is told so, however it throws', async (_, thrown, says) => {
    for (const step of throwing(thrown)) expect((await run(source, step))[0]).toContain(says)
  })

  test.each<[string, Step, string]>([
    ['a revoked Proxy', () => bad.revoked, 'revoked'],
    ['a Proxy that throws', () => bad.proxy, 'getPrototypeOf'],
    ['a thenable whose `then` throws', () => thenable(() => fail('then')), 'then'],
    ['a thenable that cannot be read', () => bad.thenable, 'then'],
    ['a function', () => () => {}, 'call it, .use(name()) rather than .use(name)'],
    ['nothing', () => undefined, 'it must `return next()`'],
  ])('returns %s fails its invocation alone', async (_, step, says) => {
    expect((await run(source, step))[0]).toContain(says)
  })

  test('returns a thenable that changes its mind is taken at its first word', async () => {
    const fickle = thenable((resolve, reject) => {
      resolve?.('first')
      reject?.(new Error('second'))
      resolve?.('third')
      fail('fourth')
    })
    expect((await run(source, () => fickle))[0]).toBe('first')
  })

  test.each<[string, unknown, string]>([
    ['a Proxy that throws', bad.proxy, 'ownKeys'],
    ['a revoked Proxy', bad.revoked, 'revoked'],
    ['a getter that throws', Object.defineProperty({}, 'x', { enumerable: true, get: () => fail('x') }), 'x'],
    ['the signal', { signal: 1 }, 'signal'],
  ])('adds %s fails its invocation alone', async (_, adds, says) => {
    expect((await run(source, (_, next) => next(adds)))[0]).toContain(says)
  })

  test('adds a `__proto__` adds nothing', async () => {
    const handler = (ctx: Record<string, unknown>) => [ctx.admin, ctx.a, typeof ctx.defer, ctx.signal !== undefined]
    const adds = JSON.parse('{"__proto__":{"admin":true},"a":1}')
    expect((await run(source, (_, next) => next(adds), handler))[0]).toEqual([undefined, 1, 'function', true])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['very much', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))],
    ['what every object has', { constructor: 1, toString: 2, hasOwnProperty: 3, valueOf: 4 }],
  ])('adds %s does no harm', async (_, adds) => {
    expect((await run(source, (_, next) => next(adds)))[0]).toBe('fine')
  })

  test.each<[string, unknown]>([
    ['throws', () => fail('over')],
    ['rejects', () => Promise.reject(new Error('over'))],
    [
      'throws what cannot be looked at',
      () => {
        throw bad.revoked
      },
    ],
    ['is none', 5],
    ['gives a revoked Proxy', () => bad.revoked],
    ['gives what cannot be awaited', () => bad.thenable],
  ])('has an `over` that %s is warned of, and the others run', async (_, over) => {
    let others = 0
    const other: Step = (_, next) => next({}, () => void others++)
    for (const [name, handler] of Object.entries(handlers)) {
      const [outcome, stderr] = await run(source, [other, (_, next) => next({}, over), other], handler)
      expect(outcome).toBe(name === 'returns' ? 'fine' : 'the handler’s')
      expect(stderr).toContain('id: an `over` given to next() failed')
    }
    expect(others).toBe(4)
  })

  test('freezes the context, or takes its prototype away, fails itself at most', async () => {
    const freeze: Step = (ctx, next) => next(Object.freeze(ctx) && { a: 1 })
    expect((await run(source, freeze))[0]).toContain('not extensible')
    expect((await run(source, (ctx, next) => Object.freeze(ctx) && next()))[0]).toBe('fine')
    expect((await run(source, (ctx, next) => Object.setPrototypeOf(ctx, null) && next()))[0]).toBe('fine')
  })
})
