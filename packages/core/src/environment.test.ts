import { setTimeout as sleep } from 'node:timers/promises'
import { fakeContext } from '@fnware/testing'
import { describe, expect, test, vi } from 'vitest'
import { echo } from '../test/echo.ts'
import { type Init, lambda, type Resource, resource } from './index.ts'

const slow = <Key extends string>(key: Key, ms: number, log: string[]): Resource<{}, Key, string> =>
  resource(key, {
    init: async () => {
      log.push(`${key}+`)
      await sleep(ms)
      log.push(`${key}-`)
      return key
    },
  })

describe('INIT', () => {
  test('starts every resource when what it names is there; a selector waits for what it reads', async () => {
    const log: string[] = []
    const pool = <Needs extends object>(options: {
      credentials: (resources: Needs) => string
    }): Resource<Needs, 'db', string> =>
      resource('db', {
        init: async (_: {}, { read }: Init<Needs>) => {
          log.push('db+')
          const credentials = await read(options.credentials)
          log.push('db-')
          return `db:${credentials}`
        },
      })
    const handler = lambda()
      .use(slow('slow', 60, log))
      .use(slow('secrets', 10, log))
      .use(pool({ credentials: ({ secrets }) => secrets }))
      .use(
        resource('size', {
          needs: ['secrets'],
          init: ({ secrets }) => {
            log.push('size')
            return secrets.length
          },
        }),
      )
      .handle(({ db, size }) => [db, size])
    expect(await handler({}, fakeContext())).toEqual(['db:secrets', 7])
    expect(log.slice(0, 3).sort()).toEqual(['db+', 'secrets+', 'slow+'])
    expect(log.at(-1)).toBe('slow-')
    expect(log).toHaveLength(7)
  })

  test('is one shared attempt for 64 first invocations', async () => {
    let inits = 0
    const handler = lambda()
      .use(
        resource('pool', {
          init: async () => {
            inits++
            await sleep(5)
            return {}
          },
        }),
      )
      .handle(({ pool }) => pool)
    const pools = await Promise.all(Array.from({ length: 64 }, () => handler({}, fakeContext())))
    expect(new Set(pools).size).toBe(1)
    expect(inits).toBe(1)
  })

  test('that fails is reported by name, and the next invocation tries again what failed', async () => {
    let a = 0
    let b = 0
    const handler = lambda()
      .use(resource('a', { init: () => ++a }))
      .use(
        resource('b', {
          init: async () => {
            if (++b === 1) throw new Error('throttled')
            return b
          },
        }),
      )
      .use(resource('c', { needs: ['b'], init: ({ b }) => b * 10 }))
      .handle(({ a, b, c }) => [a, b, c])
    await expect(handler({}, fakeContext())).rejects.toMatchObject({
      name: 'ResourceError',
      message: 'the resource `b` could not be made: throttled',
      cause: new Error('throttled'),
    })
    expect(await handler({}, fakeContext())).toEqual([1, 2, 20])
  })

  test('that fails again and again is left alone for a while', async () => {
    vi.useFakeTimers()
    try {
      let tries = 0
      const handler = lambda()
        .use(
          resource('a', {
            init: () => {
              tries++
              throw new Error('down')
            },
          }),
        )
        .handle(() => 1)
      const call = () => handler({}, fakeContext()).catch((error: Error) => error.message)
      await call()
      await call()
      expect(tries).toBe(2)
      expect(await call()).toMatch('could not be made: down')
      expect(tries).toBe(2)
      vi.setSystemTime(Date.now() + 250)
      await call()
      expect(tries).toBe(3)
    } finally {
      vi.useRealTimers()
    }
  })

  test('reports all that failed, after all have come to an end', async () => {
    let ended = false
    const failing = <Key extends string>(key: Key) =>
      resource(key, {
        init: () => {
          throw new Error(`${key} is down`)
        },
      })
    const handler = lambda()
      .use(failing('a'))
      .use(failing('b'))
      .use(
        resource('c', {
          init: async () => {
            await sleep(20)
            ended = true
          },
        }),
      )
      .handle(() => 1)
    await expect(handler({}, fakeContext())).rejects.toThrow(/`a`.*a is down; .*`b`.*b is down/)
    expect(ended).toBe(true)
  })

  test('may read only what it names', async () => {
    const sloppy = resource('b', { init: (resources: object) => (resources as { a: number }).a }) as Resource<
      {},
      'b',
      number
    >
    const handler = lambda()
      .use(resource('a', { init: () => 1 }))
      .use(sloppy)
      .handle(() => 1)
    await expect(handler({}, fakeContext())).rejects.toThrow(
      "the init of `b` reads `a` without naming it: needs: ['a']",
    )
  })

  test('that hangs is answered by the deadline, and the next invocation waits for the same', async () => {
    const mute = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')].map((spy) => spy.mockImplementation(() => {}))
    let release = (_: number) => {}
    const hangs = resource('slow', {
      init: () =>
        new Promise<number>((resolve) => {
          release = resolve
        }),
    })
    const handler = lambda(echo(), { deadline: 20, grace: 5 })
      .use(hangs)
      .handle(({ slow }) => slow)
    expect((await handler({ n: 1 }, fakeContext({ timeout: 100 }))).error).toBe('DeadlineError')
    const second = handler({ n: 1 }, fakeContext({ timeout: 5000 }))
    release(7)
    expect(await second).toEqual({ value: 7 })
    for (const spy of mute) spy.mockRestore()
  })
})

test('an INIT that hangs for good is begun again, and what comes of it late is let go', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const mute = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')].map((spy) => spy.mockImplementation(() => {}))
  const disposed: number[] = []
  let inits = 0
  let release = (_: number) => {}
  const hangs = resource('hangs', {
    init: () => {
      if (++inits > 1) return inits
      return new Promise<number>((resolve) => {
        release = resolve
      })
    },
    dispose: (value) => disposed.push(value),
  })
  const handler = lambda(echo(), { deadline: 20, grace: 5 })
    .use(hangs)
    .handle(({ hangs }) => hangs)
  const first = handler({ n: 1 }, fakeContext({ timeout: 100_000 }))
  vi.setSystemTime(Date.now() + 10_001)
  expect(await handler({ n: 1 }, fakeContext())).toEqual({ value: 2 })
  release(1)
  await first
  expect(await handler({ n: 1 }, fakeContext())).toEqual({ value: 2 })
  expect(disposed).toEqual([1])
  for (const spy of mute) spy.mockRestore()
  vi.useRealTimers()
})

test('a resource that is disposed of while it is made is let go', async () => {
  const log: string[] = []
  const slow = resource('slow', { init: () => sleep(20, 'made'), dispose: (value) => log.push(value) })
  const handler = lambda()
    .use(slow)
    .handle(() => 1)
  const starting = handler({}, fakeContext())
  await handler.dispose()
  expect(log).toEqual(['made'])
  await starting
})

describe('a resource', () => {
  test('is one value per process, whichever functions use it', async () => {
    let made = 0
    const db = resource('db', { init: () => ({ n: ++made }) })
    const one = lambda()
      .use(db)
      .handle((ctx) => ctx.db)
    const other = lambda(echo())
      .use(db)
      .handle((ctx) => ctx.db)
    const a = await one({}, fakeContext())
    expect(await other({ n: 1 }, fakeContext())).toEqual({ value: a })
    expect(made).toBe(1)
    await one.dispose()
    expect(await other({ n: 1 }, fakeContext())).toEqual({ value: { n: 2 } })
  })

  test('that one function disposes of while another starts is made again', async () => {
    let made = 0
    const quick = resource('quick', { init: () => ++made })
    const slow = resource('slow', { init: () => sleep(30, 'slow') })
    const one = lambda()
      .use(quick)
      .handle(({ quick }) => quick)
    const other = lambda()
      .use(quick)
      .use(slow)
      .handle(({ quick, slow }) => [quick, slow])
    const starting = other({}, fakeContext())
    await sleep(5)
    await one({}, fakeContext())
    await one.dispose()
    expect(await starting).toEqual([2, 'slow'])
  })

  test('is made apart where it sees other resources', async () => {
    const db = resource('db', { needs: ['url'], init: ({ url }: { url: string }) => `db at ${url}` })
    const at = (url: string) =>
      lambda()
        .use(resource('url', { init: () => url }))
        .use(db)
        .handle((ctx) => ctx.db)
    expect([await at('a')({}, fakeContext()), await at('b')({}, fakeContext())]).toEqual(['db at a', 'db at b'])
  })

  test('given twice is one; another under its key is refused, and so is an unknown need', () => {
    const a = resource('a', { init: () => 1 })
    expect(() =>
      lambda()
        .use(a)
        .use(a as never),
    ).not.toThrow()
    expect(() =>
      lambda()
        .use(a)
        .use(resource('a', { init: () => 2 }) as never),
    ).toThrow('`a` is already on the context')
    expect(() => resource('signal', { init: () => 1 })).toThrow('`signal` is already on the context')
    expect(() => lambda().use({ ...a, needs: ['secretz'] } as never)).toThrow('the resource `a` needs `secretz`')
    expect(() => resource('a', { init: () => 1, disposes: () => {} } as never)).toThrow(
      "resource('a'): there is no option `disposes`: did you mean `dispose`?",
    )
  })

  test('is disposed of in reverse, all of them, and made anew by the next invocation', async () => {
    const log: string[] = []
    const logged = <Key extends string>(key: Key) =>
      resource(key, {
        init: () => key,
        dispose: (value) => {
          log.push(value)
          if (value === 'b') throw new Error('b')
        },
      })
    const handler = lambda()
      .use(logged('a'))
      .use(logged('b'))
      .use(logged('c'))
      .handle(({ a, b, c }) => a + b + c)
    await handler({}, fakeContext())
    await expect(handler.dispose()).rejects.toBeInstanceOf(AggregateError)
    expect(log).toEqual(['c', 'b', 'a'])
    expect(await handler({}, fakeContext())).toBe('abc')
  })
})

describe('.with()', () => {
  let inits = 0
  const secrets = resource('secrets', {
    init: () => {
      inits++
      return { url: 'real' }
    },
  })
  const db = resource('db', {
    needs: ['secrets'],
    init: ({ secrets }: { secrets: { url: string } }) => ({ get: () => secrets.url }),
  })
  const both = lambda()
    .use(secrets)
    .use(db)
    .handle(({ db, secrets }) => db.get() + secrets.url)

  test('uses what is given; the rest does not start, and says so when it is read', async () => {
    const handler = lambda()
      .use(secrets)
      .use(db)
      .handle(({ db }) => db.get())
    expect(await handler.with({ db: { get: () => 'fake' } })({}, fakeContext())).toBe('fake')
    await expect(both.with({ db: { get: () => 'fake' } })({}, fakeContext())).rejects.toThrow(
      '`secrets` was not given to .with(): give it, or let INIT make it with { init: true }',
    )
    expect(inits).toBe(0)
  })

  test('lets INIT make the rest, apart from the real ones', async () => {
    const handler = both.with({ secrets: { url: 'test' } }, { init: true })
    expect(await handler({}, fakeContext())).toBe('testtest')
    expect(await both({}, fakeContext())).toBe('realreal')
    expect(inits).toBe(1)
  })

  test('refuses a typo', () => {
    expect(() => both.with({ secretz: {} } as never)).toThrow(
      '.with(): there is no resource `secretz`: did you mean `secrets`?',
    )
    expect(() => both.with({}, { inti: true } as never)).toThrow(
      '.with(): there is no option `inti`: did you mean `init`?',
    )
  })
})
