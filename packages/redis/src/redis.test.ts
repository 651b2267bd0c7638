import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import { fresh, lambda, live, resource } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { createAuthority, type Redis, startRedis } from 'test-servers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { redis } from './index.ts'
import type { RedisClient, RedisOptions } from './redis.ts'

let server: Redis
beforeAll(async () => {
  server = await startRedis({ users: { default: 'one', app: 'two' } })
})
afterAll(() => server.close())

/** A function that runs commands, over a resource with these options. */
const asking = (options: Partial<RedisOptions> = {}) => {
  const handler = lambda<[string, ...string[]][]>()
    .use(
      redis({
        host: 'localhost',
        port: server.port,
        tls: { ca: server.ca },
        credentials: { password: 'one' },
        ...options,
      }),
    )
    .handle(({ event, redis }) => Promise.all(event.map((command) => redis.call(...command))))
  onTestFinished(() => handler.dispose())
  return (...commands: [string, ...string[]][]) => handler(commands, fakeContext())
}

/** A function whose password is fetched, and the service that it is fetched from. */
const rotating = (user: string, first: string) => {
  const service = { password: first, fetches: 0 }
  const secrets = resource('secrets', {
    init: async (_, { keep }) =>
      live({
        cache: await keep(
          fresh(async () => {
            service.fetches++
            return { username: user, password: service.password }
          }),
        ),
      }),
  })
  const handler = lambda<string>()
    .use(secrets)
    .use(
      redis({
        host: 'localhost',
        port: server.port,
        tls: { ca: server.ca },
        credentials: ({ secrets }) => secrets.cache,
      }),
    )
    .handle(({ event, redis }) => redis.get(event))
  onTestFinished(() => handler.dispose())
  return { service, get: (key: string) => handler(key, fakeContext()) }
}

/** A function that does with the client what it is told. */
const doing = (options: Partial<RedisOptions> = {}) => {
  const handler = lambda<(redis: RedisClient) => unknown>()
    .use(
      redis({
        host: 'localhost',
        port: server.port,
        tls: { ca: server.ca },
        credentials: { password: 'one' },
        ...options,
      }),
    )
    .handle(({ event, redis }) => event(redis))
  onTestFinished(() => handler.dispose())
  return (what: (redis: RedisClient) => unknown) => handler(what, fakeContext())
}

describe('what all invocations share', () => {
  test.each<[string, (redis: RedisClient) => unknown]>([
    ['in a pipeline', (redis) => redis.pipeline().set('a', 1).get('a').blpop('list', 1).exec()],
    [
      'in a pipeline that is given',
      (redis) =>
        redis
          .pipeline([
            ['set', 'a', 1],
            ['blpop', 'list', 1],
          ])
          .exec(),
    ],
    ['in a transaction', (redis) => redis.multi().set('a', 1).select(3).exec()],
    [
      'in a transaction that is given',
      (redis) =>
        redis
          .multi([
            ['set', 'a', 1],
            ['select', 3],
          ])
          .exec(),
    ],
    ['a transaction that is not sent in one piece', (redis) => redis.multi({ pipeline: false })],
    ['MULTI by itself', (redis) => redis.call('MULTI')],
    ['XREAD that waits', (redis) => redis.xread('COUNT', 1, 'BLOCK', 100, 'STREAMS', 'stream', '$')],
    ['another user', (redis) => redis.auth('app', 'two')],
  ])('is not held up or changed: %s', async (_, what) => {
    const run = doing()
    await run((redis) => redis.set('of-another', 'theirs'))
    await expect(run(what)).rejects.toThrow('is not for a connection that all invocations share')
    expect(await run((redis) => redis.get('of-another'))).toBe('theirs')
    expect(
      await run((redis) =>
        redis
          .multi([['get', 'of-another']])
          .incr('count')
          .exec(),
      ),
    ).toHaveLength(2)
  })

  test('waits for no server that takes connections and says nothing', async () => {
    const silent = createServer(() => {}).listen(0)
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const run = doing({ port, tls: false, connectTimeout: 200, commandTimeout: 3_600_000 })
    await expect(run((redis) => redis.get('a'))).rejects.toThrow('could not connect')
  })

  test('is asked whether it is there where the clock was put back', async () => {
    const run = doing({ connectTimeout: 500 })
    await run((redis) => redis.get('a'))
    const { now } = Date
    Date.now = () => now() - 3_600_000
    server.pause()
    onTestFinished(() => {
      Date.now = now
      server.resume()
    })
    // And not that it was on its way: nothing is sent to who does not answer.
    await expect(run((redis) => redis.get('a'))).rejects.toThrow('could not connect')
  })

  test('shows no password, printed or as JSON, and a copy of it has it', async () => {
    await doing({ credentials: { username: 'app', password: 'two' } })(async (redis) => {
      await redis.ping()
      expect(`${inspect({ redis, options: redis.options }, { depth: 5 })}${JSON.stringify(redis)}`).not.toMatch(
        /'two'|"two"/,
      )
      const copy = redis.duplicate()
      expect(await copy.ping()).toBe('PONG')
      copy.disconnect()
    })
  })
})

describe('a connection', () => {
  test('is made by the first command and kept', async () => {
    const ask = asking()
    const before = await server.sessions('default')
    await ask()
    expect(await server.sessions('default')).toBe(before)
    expect(await ask(['set', 'kept', 'yes'])).toEqual(['OK'])
    expect(await ask(['get', 'kept'], ['get', 'kept'])).toEqual(['yes', 'yes'])
    expect(await server.sessions('default')).toBe(before + 1)
  })

  test('is made at INIT where that is wanted', async () => {
    const ask = asking({ connect: 'init', credentials: { username: 'app', password: 'two' } })
    await ask()
    expect(await server.sessions('app')).toBe(1)
  })

  test('is of the database and with the prefix that are wanted', async () => {
    const ask = asking({ database: 3, keyPrefix: 'orders:' })
    await ask(['set', 'prefixed', 'yes'])
    expect(await asking({ database: 3 })(['get', 'orders:prefixed'])).toEqual(['yes'])
    expect(await asking()(['get', 'orders:prefixed'])).toEqual([null])
  })

  test('serves pipelines and transactions', async () => {
    const handler = lambda()
      .use(redis({ host: 'localhost', port: server.port, tls: { ca: server.ca }, credentials: { password: 'one' } }))
      .handle(async ({ redis }) => [
        await redis.multi().set('m', 1).incr('m').exec(),
        await redis.pipeline().get('m').get('m').exec(),
      ])
    onTestFinished(() => handler.dispose())
    expect(await handler({}, fakeContext())).toEqual([
      [
        [null, 'OK'],
        [null, 2],
      ],
      [
        [null, '2'],
        [null, '2'],
      ],
    ])
  })
})

describe('a connection that is gone', () => {
  const later = (ms = 1100) => new Promise((resolve) => setTimeout(resolve, ms))

  test('while the environment was frozen is made anew, and no command is lost', async () => {
    const ask = asking()
    await ask(['set', 'thaw', '1'])
    await server.terminate()
    await later()
    expect(await ask(['incr', 'thaw'], ['incr', 'thaw'])).toEqual([2, 3])
  })

  test('is counted', async () => {
    const run = doing()
    const counts = () => run((redis) => ({ ...redis.health }))
    expect(await counts()).toEqual({ opened: 0, discarded: 0 })
    await run((redis) => redis.get('x'))
    expect(await counts()).toEqual({ opened: 1, discarded: 0 })
    await server.terminate('default')
    await later()
    await run((redis) => redis.get('x'))
    expect(await counts()).toEqual({ opened: 2, discarded: 0 })
  })

  test('since the server was started anew is made anew', async () => {
    const ask = asking()
    await ask(['set', 'restart', 'yes'])
    await server.kill()
    await later()
    await expect(ask(['get', 'restart'])).rejects.toThrow(/could not connect to localhost:\d+: connect ECONNREFUSED/)
    await server.start()
    expect(await ask(['get', 'restart'])).toEqual(['yes'])
  })

  test('without a word, as after a failover, is found by asking and made anew', async () => {
    const run = doing({ idle: 500 })
    await run((redis) => redis.set('silent', 'yes'))
    await server.pause()
    await later()
    const answer = run((redis) => redis.get('silent'))
    await later(700)
    await server.resume()
    expect(await answer).toEqual('yes')
    expect(await run((redis) => ({ ...redis.health }))).toEqual({ opened: 2, discarded: 1 })
  })

  test('with a command on its way says that it may have run, and the next one goes through', async () => {
    const ask = asking()
    await ask(['get', 'x'])
    await server.pause()
    const answer = ask(['incr', 'doubtful'])
    answer.catch(() => {})
    await later(100)
    await server.kill()
    await server.start()
    await expect(answer).rejects.toThrow(
      /lost its connection .* while INCR was on its way: whether it ran is not known/,
    )
    expect(await ask(['get', 'x'])).toEqual([null])
  })
})

describe('a password', () => {
  test('that was rotated is fetched anew when it is refused, once for all who wait', async () => {
    const { service, get } = rotating('app', 'two')
    expect(await get('x')).toBe(null)
    await server.setPassword('app', 'three')
    service.password = 'three'
    await server.terminate('app')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await Promise.all([get('x'), get('x'), get('x')])).toEqual([null, null, null])
    expect(service.fetches).toBe(2)
    await server.setPassword('app', 'two')
  })

  test('that stays wrong is told, and not shown', async () => {
    const { service, get } = rotating('app', 'hunter-wrong')
    const error = await get('x').catch((error) => error)
    expect(error.message).toMatch(/`redis` could not connect to .*WRONGPASS.*\. Its `credentials` are not what/)
    expect(inspect(error, { depth: 9 }) + JSON.stringify([error, error.cause])).not.toContain('hunter')
    expect(service.fetches).toBe(2)
  })
})

describe('a certificate', () => {
  test.each<[string, () => Promise<Partial<RedisOptions>>, RegExp]>([
    [
      'of an authority that nobody knows',
      async () => ({ tls: true }),
      /Its certificate is not trusted: give the authority/,
    ],
    [
      'of another authority',
      async () => ({ tls: { ca: (await createAuthority()).ca } }),
      /Its certificate is not trusted/,
    ],
    [
      'for another host',
      async () => ({ tls: { ca: server.ca, servername: 'cache.example.com' } }),
      /does not match certificate.*not trusted/,
    ],
  ])('%s is refused', async (_, options, words) => {
    await expect(asking(await options())(['get', 'x'])).rejects.toThrow(words)
  })

  test('is asked for where the server wants none', async () => {
    const plain = await startRedis({ tls: false })
    onTestFinished(() => plain.close())
    const where = { port: plain.port, credentials: { password: plain.password } }
    await expect(asking({ ...where, tls: true })(['get', 'x'])).rejects.toThrow(/whether it speaks TLS/)
    expect(await asking({ ...where, tls: false })(['get', 'x'])).toEqual([null])
  })
})

test.each(['subscribe', 'BLPOP', 'watch', 'select'])('%s is refused with what to do instead', async (command) => {
  await expect(asking()([command, 'x', '0'])).rejects.toThrow(
    new RegExp(`^${command.toUpperCase()} is not for a connection that all invocations share: .*\\. `),
  )
})

test('what the options must be is said where they are given', () => {
  expect(() => redis({} as never)).toThrow('redis(): `host` is missing')
  expect(() => redis({ host: 'x', prot: 1 } as never)).toThrow('did you mean `port`?')
  expect(() => redis({ host: 'x', connect: 'eager' as never })).toThrow("redis(): `connect` is 'lazy' or 'init'")
  expect(() => redis({ host: 'x', tls: false, credentials: Object.assign(() => ({ password: '' }), {}) })).not.toThrow()
})
