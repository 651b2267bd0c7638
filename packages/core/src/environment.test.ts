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
