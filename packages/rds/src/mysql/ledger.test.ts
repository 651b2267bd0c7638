import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cutter, startCutter } from '../../test/cutter.ts'
import { to } from '../../test/kit.ts'
import { type MySql, mysql } from '../mysql.ts'

let server: MariaDb
const cutters: Cutter[] = []

beforeAll(async () => {
  server = await startMariaDb()
  await server.query('create table ledger (entry varchar(20) primary key, way varchar(20))')
  await server.query('create table pairs (entry varchar(20) primary key)')
})
afterAll(async () => {
  for (const cutter of cutters) await cutter.close()
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
  query: (db: MySql, entry: string) => db.query("insert into ledger values (?, 'query')", [entry]),
  idempotent: (db: MySql, entry: string) =>
    db.query({ sql: "insert ignore into ledger values (?, 'idempotent')", values: [entry], idempotent: true }),
  pool: (db: MySql, entry: string) => db.pool.promise().query("insert into ledger values (?, 'pool')", [entry]),
  transaction: (db: MySql, entry: string) =>
    db.transaction(async (tx) => {
      await tx.query("insert into ledger values (?, 'transaction')", [entry])
      await tx.query('insert into pairs values (?)', [entry])
    }),
  serializable: (db: MySql, entry: string) =>
    db.transaction(
      async (tx) => {
        await tx.query('select count(*) from pairs where entry > ?', [entry])
        await tx.query("insert into ledger values (?, 'serializable')", [entry])
        await tx.query('insert into pairs values (?)', [entry])
      },
      { isolation: 'serializable' },
    ),
}
type Way = keyof typeof ways

const inDoubt = ['ConnectionLostError', 'CommitUnknownError']
const outcomes = new Map<string, { way: Way; outcome: string }>()
const runs = 400
const lanes = 4
const seed = Number(process.env.LEDGER_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** One environment, whose connection is cut at points drawn from the seed. */
const lane = async (number: number): Promise<void> => {
  const random = randomFrom(seed + number)
  const cutter = await startCutter(server)
  cutters.push(cutter)
  const handler = lambda<{ entry: string; way: Way }>()
    .use(mysql({ ...to(server), port: cutter.port }))
    .handle(async ({ event, db }) => {
      await ways[event.way](db, event.entry)
    })
  const names = Object.keys(ways) as Way[]
  for (let i = 0; i < runs / lanes; i++) {
    const way = names[Math.floor(random() * names.length)] as Way
    const entry = `${number}-${i}`
    const point = random()
    // Mostly within the statements of a connection that is open, sometimes while one is made, sometimes never.
    if (point < 0.4) cutter.cutAfter('up', Math.floor(random() * 400))
    else if (point < 0.8) cutter.cutAfter('down', Math.floor(random() * 180))
    else if (point < 0.85) cutter.cutAfter(random() < 0.5 ? 'up' : 'down', Math.floor(random() * 3_000))
    else if (point < 0.86) server.terminate('app').catch(() => {})
    const outcome = await handler({ entry, way }, fakeContext()).then(
      () => 'done',
      (error: Error & { code?: string }) => (error.name === 'Error' ? `${error.code}` : error.name),
    )
    outcomes.set(entry, { way, outcome })
  }
  await handler.dispose()
}

/** Kills the server, and starts it again, while the lanes are at work. */
const killer = async (isOver: () => boolean): Promise<number> => {
  const random = randomFrom(seed - 1)
  let kills = 0
  while (!isOver()) {
    await sleep(300 + random() * 1_200)
    await server.kill()
    await server.start()
    kills++
  }
  return kills
}

test(`${runs} writes with connections cut at any point: none that was acknowledged is lost, none is made twice (LEDGER_SEED=${seed})`, async () => {
  let isOver = false
  const killing = killer(() => isOver)
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  isOver = true
  const killed = await killing
  expect(killed).toBeGreaterThan(1)
  // What a server still does for a connection that was cut.
  while ((await server.sessions('app')) > 0) await sleep(20)
  const written = new Set((await server.query('select entry from ledger')).map(({ entry }) => entry))
  const paired = new Set((await server.query('select entry from pairs')).map(({ entry }) => entry))
  const counts: Record<string, number> = {}
  let unreached = 0
  for (const [entry, { way, outcome }] of outcomes) {
    const run = `${entry}: ${way} ${outcome}`
    counts[outcome] = (counts[outcome] ?? 0) + 1
    if (outcome === 'done') expect(written.has(entry), run).toBe(true)
    // An entry that is made twice would have been refused: with an error that is none of these.
    else if (inDoubt.includes(outcome)) unreached += way === 'idempotent' ? 1 : 0
    else {
      // Nobody got through, or other transactions were in the way to the end.
      expect(['ConnectError', 'ER_LOCK_DEADLOCK'], run).toContain(outcome)
      expect(written.has(entry), run).toBe(false)
    }
    if (way === 'transaction' || way === 'serializable') expect(paired.has(entry), run).toBe(written.has(entry))
  }
  // What may be made twice is sent again, unless a killed server cannot be reached for it.
  expect(unreached).toBeLessThanOrEqual(killed * lanes)
  expect(outcomes.size).toBe(runs)
  const cuts = cutters.reduce((sum, { cuts }) => sum + cuts, 0)
  expect(cuts).toBeGreaterThan(runs / 4)
  // Of each kind there were some, or the points are drawn badly.
  expect(Object.keys(counts)).toEqual(expect.arrayContaining(['done', ...inDoubt]))
  if (process.env.LEDGER_SHOW) console.log(counts, cuts)
}, 120_000)
