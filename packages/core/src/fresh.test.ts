import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Freshness, fresh, type Init, lambda, live, type Resource, renew, resource } from './index.ts'

let now = Date.parse('2026-01-01')
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (ms: number) => {
  now = Date.now() + ms
  vi.setSystemTime(now)
}

interface Service {
  version: number
  down: boolean
  slow: number
}
const secrets = (
  service: Service,
  options: Freshness = {},
): Resource<{}, 'secrets', { readonly db: { readonly password: string } }> =>
  resource('secrets', {
    init: async (_, { keep }) => {
      const fetch = async (signal: AbortSignal) => {
        if (service.slow) await sleep(service.slow, undefined, { signal })
        if (service.down) throw new Error('down')
        return { password: `p${++service.version}` }
      }
      return live({ db: await keep(fresh(fetch, options)) })
    },
  })
const service = (): Service => ({ version: 0, down: false, slow: 0 })

test('a value is fetched once and read without a fetch until it ages', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it))
    .handle(({ secrets }) => secrets.db.password)
  for (let i = 0; i < 3; i++) expect(await handler({}, fakeContext())).toBe('p1')
  pass(224_000)
  expect(await handler({}, fakeContext())).toBe('p1')
})

test('an ageing value is refreshed beside the handler, and that is over before the answer', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it))
    .handle(({ secrets }) => secrets.db.password)
  await handler({}, fakeContext())
  pass(226_000)
  it.slow = 20
  expect(await handler({}, fakeContext())).toBe('p1')
  expect(it.version).toBe(2)
  expect(await handler({}, fakeContext())).toBe('p2')
})

test('a refresh that does not end holds the answer back only for a while, and is aborted', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it, { timeout: 60_000 }))
    .handle(({ secrets }) => secrets.db.password)
  await handler({}, fakeContext())
  pass(226_000)
  it.slow = 50_000
  expect(await handler({}, fakeContext())).toBe('p1')
  it.slow = 0
  pass(5001)
  await handler({}, fakeContext())
  expect(it.version).toBe(2)
})

test('a fetch that is slower than the invocations is no failure: the value is waited for once it has expired', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it))
    .handle(({ secrets }) => secrets.db.password)
  await handler({}, fakeContext())
  it.slow = 700
  pass(226_000)
  expect(await handler({}, fakeContext())).toBe('p1')
  pass(80_000)
  expect(await handler({}, fakeContext())).toBe('p2')
})

test('past its age nothing serves, also while nothing is fetched', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it, { stale: 0 }))
    .handle(({ secrets }) => secrets.db.password)
  await handler({}, fakeContext())
  it.down = true
  pass(300_001)
  for (let i = 0; i < 3; i++) await expect(handler({}, fakeContext())).rejects.toThrow('down')
})

test('a first fetch that fails is no value, whatever the age', async () => {
  const it = service()
  it.down = true
  const handler = lambda()
    .use(secrets(it, { stale: Number.MAX_SAFE_INTEGER }))
    .handle(({ secrets }) => secrets.db.password)
  await expect(handler({}, fakeContext())).rejects.toThrow('down')
})

test('an invocation that ends does not take the fetch that another waits for', async () => {
  const cell = fresh(() => sleep(30, 'there'))
  const one = cell.due(Date.now())
  const other = cell.due(Date.now())
  one?.abort()
  await other?.done
  expect(cell.value).toBe('there')
})

test('renew does not join what was begun before', async () => {
  let password = 'old'
  const cell = fresh(async () => {
    const read = password
    await sleep(20)
    return read
  })
  await cell.due(Date.now())?.done
  pass(250_000)
  const before = cell.due(Date.now())
  password = 'new'
  expect(await renew(() => cell.value)).toBe('new')
  await before?.done
  expect(cell.value).toBe('new')
})

test('an expired value is waited for', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it))
    .handle(({ secrets }) => secrets.db.password)
  await handler({}, fakeContext())
  pass(300_001)
  expect(await handler({}, fakeContext())).toBe('p2')
})

test('the last good value serves while fetching fails, up to its age, and a warning says so', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it, { stale: 60_000 }))
    .handle(({ secrets }) => secrets.db.password)
  await handler({}, fakeContext())
  it.down = true
  pass(300_001)
  expect(await handler({}, fakeContext())).toBe('p1')
  expect(vi.mocked(console.warn).mock.calls[0]?.[0]).toMatch(/the last good one serves\nError: down/)
  pass(60_000)
  await expect(handler({}, fakeContext())).rejects.toThrow('down')
  it.down = false
  pass(5001)
  expect(await handler({}, fakeContext())).toBe('p2')
})

test('a fetch has a time-out, and one that was frozen is not joined', async () => {
  let calls = 0
  const cell = fresh(() => (++calls === 1 ? new Promise<never>(() => {}) : Promise.resolve('there')), { timeout: 50 })
  const frozen = cell.due(Date.now())
  pass(60)
  await cell.due(Date.now())?.done
  expect([cell.value, calls]).toEqual(['there', 2])
  await expect(frozen?.done).rejects.toThrow('frozen with its environment')
  const slow = fresh(() => new Promise<never>(() => {}), { timeout: 20 })
  await expect(slow.due(Date.now())?.done).rejects.toThrow('no answer within 20 ms')
})

test('values are frozen, and nothing of them shows', async () => {
  const it = service()
  const handler = lambda()
    .use(secrets(it))
    .handle((ctx) => {
      const shown = JSON.stringify(ctx) + inspect(ctx) + inspect(ctx.secrets) + JSON.stringify({ ...ctx.secrets })
      return [Object.isFrozen(ctx.secrets.db), shown]
    })
  const [isFrozen, shown] = await handler({}, fakeContext())
  expect(isFrozen).toBe(true)
  expect(shown).not.toMatch(/p1/)
})

test('renew reads anew what its selector reads, at most once a second', async () => {
  const it = service()
  const other = service()
  const handler = lambda()
    .use(secrets(it))
    .use(
      resource('other', { init: async (_, { keep }) => live({ x: await keep(fresh(async () => ++other.version)) }) }),
    )
    .handle(async ({ secrets }) => {
      const before = secrets.db.password
      const [a, b] = await Promise.all([renew(() => secrets.db.password), renew(async () => secrets.db.password)])
      return [before, a, b, secrets.db.password, await renew(() => secrets.db.password)]
    })
  expect(await handler({}, fakeContext())).toEqual(['p1', 'p2', 'p2', 'p2', 'p2'])
  expect(other.version).toBe(1)
})

test('a rotated password: the pool renews what its selector reads, once, and tries again', async () => {
  let password = 'old'
  let fetches = 0
  let connects = 0
  const rotated: Resource<{}, 'secrets', { readonly db: string }> = resource('secrets', {
    init: async (_, { keep }) =>
      live({
        db: await keep(
          fresh(async () => {
            fetches++
            return password
          }),
        ),
      }),
  })
  const postgres = <Needs extends object>(options: {
    credentials: (resources: Needs) => string | Promise<string>
  }): Resource<Needs, 'db', { connect(): Promise<string> }> =>
    resource('db', {
      init: (_: {}, { read }: Init<Needs>) => {
        const login = async (given: string) => {
          connects++
          await sleep(1)
          if (given !== password) throw new Error('28P01')
          return `in with ${given}`
        }
        return {
          connect: async () => {
            try {
              return await login(await read(options.credentials))
            } catch {
              return await login(await renew(() => read(options.credentials)))
            }
          },
        }
      },
    })
  const handler = lambda()
    .use(rotated)
    .use(postgres({ credentials: async ({ secrets }) => secrets.db }))
    .handle(({ db }) => db.connect())
  expect(await handler({}, fakeContext())).toBe('in with old')
  password = 'new'
  expect(await Promise.all([1, 2, 3].map(() => handler({}, fakeContext())))).toEqual(Array(3).fill('in with new'))
  expect([fetches, connects]).toEqual([2, 7])
})

test('options are checked', () => {
  expect(() => fresh(async () => 1, { tll: 5 } as never)).toThrow(
    'fresh(): there is no option `tll`: did you mean `ttl`?',
  )
})
