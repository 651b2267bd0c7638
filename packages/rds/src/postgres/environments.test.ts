import { setTimeout as sleep } from 'node:timers/promises'
import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { startCutter } from '../../test/cutter.ts'
import { type Environments, environments } from '../../test/environments.ts'
import { to } from '../../test/kit.ts'
import { postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer
let processes: Environments

beforeAll(async () => {
  processes = await environments()
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server, poolSize: 3, clientIdleTimeout: 1 })
  await server.query('create table ledger (key text, way text, primary key (key, way))')
  await server.query('grant all on ledger to app')
})
afterAll(async () => {
  await processes?.close()
  await proxy?.close()
  await server?.close()
})

test('40 environments share 3 connections to the server, and lose nothing', async () => {
  const address = await startPgBouncer({ to: server, poolSize: 3 })
  // The machine of a test has few processors for so many.
  const reached = { ...to(address), connectTimeout: 30_000, acquireTimeout: 30_000 }
  const all = await Promise.all(Array.from({ length: 40 }, () => processes.start(reached)))
  let most = 0
  let isDone = false
  const watched = (async () => {
    while (!isDone) most = Math.max(most, await server.sessions('app'))
  })()
  const answers = await Promise.all(
    all.map(async (environment, i) => {
      const answers = []
      for (let j = 0; j < 10; j++) answers.push(await environment.invoke({ key: `${i}-${j}` }))
      return answers
    }),
  )
  isDone = true
  await watched
  expect(answers.flat()).toEqual(Array.from({ length: 400 }, () => ({ opened: 1, discarded: 0 })))
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(3)
  expect(await server.query('select way, count(*)::int from ledger group by 1 order by 1')).toEqual([
    { way: 'query', count: 400 },
    { way: 'transaction', count: 400 },
  ])
  await Promise.all(all.map((environment) => environment.end()))
  await address.close()
}, 60_000)

const clients = async (count: number) => {
  while ((await proxy.clientConnections()) !== count) await sleep(50)
}

test('frozen for longer than PgBouncer keeps a silent client, it connects anew and sends the statement once', async () => {
  const environment = await processes.start(to(proxy))
  for (let i = 1; i <= 2; i++) {
    expect(await environment.invoke({ key: `frozen-${i}` })).toEqual({ opened: i, discarded: i - 1 })
    environment.freeze()
    await clients(0)
    environment.thaw()
  }
  expect(await environment.invoke({ key: 'frozen-3' })).toEqual({ opened: 3, discarded: 2 })
  await environment.end()
})

test('frozen for longer than PostgreSQL keeps an idle session, too', async () => {
  await server.query('alter role app set idle_session_timeout = 200')
  onTestFinished(async () => {
    await server.query('alter role app reset idle_session_timeout')
  })
  const environment = await processes.start({ ...to(server), applicationName: 'frozen' })
  expect(await environment.invoke({ key: 'idle-1' })).toEqual({ opened: 1, discarded: 0 })
  environment.freeze()
  while ((await server.query("select from pg_stat_activity where application_name = 'frozen'")).length > 0)
    await sleep(50)
  environment.thaw()
  expect(await environment.invoke({ key: 'idle-2' })).toEqual({ opened: 2, discarded: 1 })
  await environment.end()
})

test.each([
  ['is idle for more than some seconds is asked whether it is there', 10_000],
  ['is idle for longer than `idle` is not used', 400_000],
  ['was idle while the clock was put back is asked, too', -60_000],
])('a connection that nobody answers on, and that %s', async (_, later) => {
  const cutter = await startCutter(server)
  onTestFinished(() => cutter.close())
  const addresses = [cutter.port, server.port]
  const { password } = server
  const handler = lambda()
    .use(
      postgres({
        ...to(server),
        port: undefined,
        credentials: () => ({ user: 'app', password, port: addresses.shift() ?? server.port }),
      }),
    )
    .handle(async ({ db }) => {
      const { rows } = await db.query('select 1 as one')
      return [rows, db.health.opened, db.health.discarded]
    })
  onTestFinished(() => handler.dispose())
  expect(await handler({}, fakeContext())).toEqual([[{ one: 1 }], 1, 0])
  cutter.stall()
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  vi.setSystemTime(Date.now() + later)
  expect(await handler({}, fakeContext())).toEqual([[{ one: 1 }], 2, 1])
})
