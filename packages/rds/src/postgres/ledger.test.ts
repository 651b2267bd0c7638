import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cutter, startCutter } from '../../test/cutter.ts'
import { to } from '../../test/kit.ts'
import { type Postgres, postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer
const cutters: Cutter[] = []

beforeAll(async () => {
  server = await startPostgres({ settings: { deadlock_timeout: '100ms' } })
  proxy = await startPgBouncer({ to: server, poolSize: 3 })
  await server.query('create table ledger (key text primary key, way text)')
  await server.query('create table pairs (key text primary key)')
  await server.query('grant all on ledger, pairs to app')
})
afterAll(async () => {
  for (const cutter of cutters) await cutter.close()
  await proxy?.close()
  await server?.close()
})

/** Numbers from 0 to 1, the same for the same seed. */
const randomFrom = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const ways = {
  query: (db: Postgres, key: string) => db.query("insert into ledger values ($1, 'query')", [key]),
  idempotent: (db: Postgres, key: string) =>
    db.query({
      text: "insert into ledger values ($1, 'idempotent') on conflict do nothing",
      values: [key],
      idempotent: true,
    }),
  transaction: (db: Postgres, key: string) =>
    db.transaction(async (tx) => {
      await tx.query("insert into ledger values ($1, 'transaction')", [key])
      await tx.query('insert into pairs values ($1)', [key])
    }),
  serializable: (db: Postgres, key: string) =>
    db.transaction(
      async (tx) => {
        await tx.query('select count(*) from pairs where key > $1', [key])
        await tx.query("insert into ledger values ($1, 'serializable')", [key])
        await tx.query('insert into pairs values ($1)', [key])
      },
      { isolation: 'serializable' },
    ),
}
type Way = keyof typeof ways

const inDoubt = ['ConnectionLostError', 'CommitUnknownError']
const outcomes = new Map<string, { way: Way; outcome: string }>()
const runs = 1_000
const lanes = 8
const seed = Number(process.env.LEDGER_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** One environment, whose connection is cut at points drawn from the seed. */
const lane = async (number: number): Promise<void> => {
  const random = randomFrom(seed + number)
  // Half of them to PostgreSQL itself.
  const cutter = await startCutter(number % 2 === 0 ? server : proxy)
  cutters.push(cutter)
  const handler = lambda<{ key: string; way: Way }>()
    .use(postgres({ ...to(server), port: cutter.port }))
    .handle(async ({ event, db }) => {
      await ways[event.way](db, event.key)
    })
  for (let i = 0; i < runs / lanes; i++) {
    const way = Object.keys(ways)[Math.floor(random() * 4)] as Way
    const key = `${number}-${i}`
    const point = random()
    // Mostly within the statements of a connection that is open, sometimes while one is made, sometimes never.
    if (point < 0.4) cutter.cutAfter('up', Math.floor(random() * 700))
    else if (point < 0.8) cutter.cutAfter('down', Math.floor(random() * 500))
    else if (point < 0.85) cutter.cutAfter(random() < 0.5 ? 'up' : 'down', Math.floor(random() * 5_000))
    else if (point < 0.86) server.terminate('app').catch(() => {})
    const outcome = await handler({ key, way }, fakeContext()).then(
      () => 'done',
      (error: Error & { code?: string }) => (error.name === 'error' ? `${error.code}` : error.name),
    )
    outcomes.set(key, { way, outcome })
  }
  await handler.dispose()
}

/** Kills the servers, and starts them again, while the lanes are at work. */
const killer = async (isOver: () => boolean): Promise<number> => {
  const random = randomFrom(seed - 1)
  let kills = 0
  while (!isOver()) {
    await sleep(300 + random() * 1_500)
    const killed = random() < 0.5 ? server : proxy
    await killed.kill()
    await killed.start()
    kills++
  }
  return kills
}

test(`${runs} writes with connections cut at any point: none that was acknowledged is lost, none is made twice (LEDGER_SEED=${seed})`, async () => {
  let isOver = false
  const killing = killer(() => isOver)
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  isOver = true
  const kills = await killing
  expect(kills).toBeGreaterThan(1)
  // What a server still does for a connection that was cut.
  const atWork = "select from pg_stat_activity where usename = 'app' and state <> 'idle'"
  while ((await server.query(atWork)).length > 0) await sleep(20)
  const written = new Set((await server.query('select key from ledger')).map(({ key }) => key))
  const paired = new Set((await server.query('select key from pairs')).map(({ key }) => key))
  const counts: Record<string, number> = {}
  let unreached = 0
  for (const [key, { way, outcome }] of outcomes) {
    const run = `${key}: ${way} ${outcome}`
    counts[outcome] = (counts[outcome] ?? 0) + 1
    if (outcome === 'done') expect(written.has(key), run).toBe(true)
    // A key that is there twice would have been refused: with an error that is none of these.
    else if (inDoubt.includes(outcome)) unreached += way === 'idempotent' ? 1 : 0
    else {
      // Nobody got through, or other transactions were in the way to the end.
      expect(['ConnectError', '40001'], run).toContain(outcome)
      expect(written.has(key), run).toBe(false)
    }
    if (way === 'transaction' || way === 'serializable') expect(paired.has(key), run).toBe(written.has(key))
  }
  // What may be made twice is sent again, unless a killed server cannot be reached for it.
  expect(unreached).toBeLessThanOrEqual(kills * lanes)
  expect(outcomes.size).toBe(runs)
  const cuts = cutters.reduce((sum, { cuts }) => sum + cuts, 0)
  expect(cuts).toBeGreaterThan(runs / 4)
  // Of each kind there were some, or the points are drawn badly.
  expect(Object.keys(counts)).toEqual(expect.arrayContaining(['done', ...inDoubt]))
}, 120_000)
