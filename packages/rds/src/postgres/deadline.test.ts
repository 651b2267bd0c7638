import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import type { PoolClient } from 'pg'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { running, thrownBy, to } from '../../test/kit.ts'
import { type Postgres, postgres } from '../postgres.ts'

let server: Server
let proxy: PgBouncer

beforeAll(async () => {
  server = await startPostgres()
  proxy = await startPgBouncer({ to: server })
  await server.query('create table notes (note text)')
  await server.query('grant all on notes to app')
})
afterAll(async () => {
  await proxy?.close()
  await server?.close()
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const written = async (note: string) => (await server.query('select from notes where note = $1', [note])).length

/** Like a source: answers at the deadline, whatever still runs. */
const functionOf = (options: object = {}) => {
  const handler = lambda<(db: Postgres, defer: (fn: () => unknown) => void) => Promise<unknown>>()
    .use(postgres({ ...to(server), ...options }))
    .use(async (ctx, next) => {
      const expired = new Promise<never>((_, reject) => {
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))
      })
      return Promise.race([next(), expired])
    })
    .handle(({ event, db, defer }) => event(db, defer))
  onTestFinished(() => handler.dispose())
  return (run: (db: Postgres, defer: (fn: () => unknown) => void) => Promise<unknown>, timeout = 30_000) =>
    handler(run, fakeContext({ timeout }))
}

test('a transaction that meets the deadline never commits, and its connection is not used again', async () => {
  const invoke = functionOf()
  let late: Promise<unknown> = Promise.resolve()
  const run = (db: Postgres) => {
    late = db.transaction(async (tx) => {
      await tx.query("insert into notes values ('late')")
      await tx.query('select pg_sleep(1)')
    })
    return late
  }
  expect(await thrownBy(invoke(run, 600))).toMatchObject({ name: 'DeadlineError' })
  expect(await thrownBy(late)).toMatchObject({ name: 'DeadlineError' })
  const next = await invoke(async (db) => [(await db.query('select 1 as one')).rows, db.health.discarded])
  expect(next).toEqual([[{ one: 1 }], 1])
  const open = "select from pg_stat_activity where state <> 'idle' and usename = 'app'"
  while ((await server.query(open)).length > 0) await sleep(20)
  expect(await written('late')).toBe(0)
})

test('nor one whose function is at something else when the deadline comes', async () => {
  const invoke = functionOf()
  let late: Promise<unknown> = Promise.resolve()
  const run = (db: Postgres) => {
    late = db.transaction(async (tx) => {
      await tx.query("insert into notes values ('elsewhere')")
      await sleep(800)
    })
    return late
  }
  expect(await thrownBy(invoke(run, 400))).toMatchObject({ name: 'DeadlineError' })
  expect(await thrownBy(late)).toMatchObject({ name: 'DeadlineError' })
  expect(await written('elsewhere')).toBe(0)
})

test.each([
  ['PostgreSQL', () => server],
  ['PgBouncer', () => proxy],
])(
  'a statement that waits for a lock at the deadline is cancelled, and does not take effect later: %s',
  async (_, to) => {
    const invoke = functionOf({ port: to().port })
    const other = functionOf()
    let isLocked = () => {}
    const locked = new Promise<void>((resolve) => {
      isLocked = resolve
    })
    let unlock = () => {}
    const unlocked = new Promise<void>((resolve) => {
      unlock = resolve
    })
    const holding = other((db) =>
      db.transaction(async (tx) => {
        await tx.query('lock table notes in exclusive mode')
        isLocked()
        await unlocked
      }),
    )
    await locked
    const insert = (db: Postgres) => db.query("insert into notes values ('cancelled')")
    expect(await thrownBy(invoke(insert, 600))).toMatchObject({ name: 'DeadlineError' })
    const waiting = "select from pg_stat_activity where wait_event_type = 'Lock'"
    while ((await server.query(waiting)).length > 0) await sleep(10)
    unlock()
    await holding
    expect(await written('cancelled')).toBe(0)
  },
)

test('who waits for a connection at the deadline waits no longer', async () => {
  const invoke = functionOf()
  const run = async (db: Postgres) => {
    const slow = db.query('select pg_sleep(5)')
    const waiting = db.query("insert into notes values ('waited')")
    return Promise.all([slow, waiting])
  }
  expect(await thrownBy(invoke(run, 400))).toMatchObject({ name: 'DeadlineError' })
  expect(await invoke(async (db) => (await db.query('select 2 as two')).rows)).toEqual([{ two: 2 }])
  expect(await written('waited')).toBe(0)
})

test('after the deadline nothing is sent', async () => {
  const invoke = functionOf()
  let late: Promise<unknown> = Promise.resolve()
  const run = (db: Postgres) => {
    late = (async () => {
      await db.query('select 1')
      await sleep(500)
      return await thrownBy(db.query("insert into notes values ('after')"))
    })()
    return late
  }
  expect(await thrownBy(invoke(run, 300))).toMatchObject({ name: 'DeadlineError' })
  expect(await late).toMatchObject({ name: 'DeadlineError' })
  expect(await written('after')).toBe(0)
})

test('what is still in use when its invocation has ended is destroyed, and told', async () => {
  const invoke = functionOf()
  let forgotten: Promise<unknown> = Promise.resolve()
  const { logs } = await collectLogs(() =>
    invoke(async (db) => {
      await db.query('select 1')
      forgotten = thrownBy(
        db.transaction(async (tx) => {
          await tx.query("insert into notes values ('forgotten')")
          await tx.query('select pg_sleep(2)')
        }),
      )
      await running(server, 'pg_sleep(2)')
    }),
  )
  expect(await forgotten).toMatchObject({ name: 'LeaseError' })
  expect(logs.text.join('\n')).toMatch(/still in use when its invocation had ended.*await every query/s)
  expect(await written('forgotten')).toBe(0)
})

test('a query that nobody waits for does not end the process with its invocation', async () => {
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', hear)
  onTestFinished(() => void process.off('unhandledRejection', hear))
  const invoke = functionOf()
  const { logs } = await collectLogs(() =>
    invoke(async (db) => {
      void db.query('select pg_sleep(2)')
      void db.transaction((tx) => tx.query('select pg_sleep(2)'))
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(unhandled).toEqual([])
  expect(logs.text.join('\n')).toMatch(/still in use when its invocation had ended/)
})

test('a query that is forgotten while its connection is made is destroyed, too', async () => {
  const invoke = functionOf()
  const forgotten: Promise<unknown>[] = []
  const { logs } = await collectLogs(() =>
    invoke(async (db) => {
      forgotten.push(thrownBy(db.query("insert into notes select 'forgotten, too' from pg_sleep(3)")))
    }),
  )
  expect(await forgotten[0]).toMatchObject({ name: 'LeaseError' })
  expect(logs.text.join('\n')).toMatch(/still in use when its invocation had ended/)
  expect(await written('forgotten, too')).toBe(0)
})

test('when all is over, nothing is sent', async () => {
  const invoke = functionOf()
  let kept: Postgres | undefined
  await invoke(async (db) => {
    await db.query('select 1')
    kept = db
  })
  const error = await thrownBy(kept!.query("insert into notes values ('too late')"))
  expect(error).toMatchObject({ name: 'LeaseError', message: expect.stringMatching(/its invocation had ended: await/) })
  expect((await thrownBy(kept!.pool.connect())).name).toBe('LeaseError')
  expect(await written('too late')).toBe(0)
})

test('deferred functions have the database to their end', async () => {
  const invoke = functionOf()
  const { logs } = await collectLogs(() =>
    invoke(async (db, defer) => {
      await db.query('select 1')
      defer(async () => {
        await db.query('select pg_sleep(0.2)')
        await sleep(100)
        await db.query("insert into notes values ('deferred')")
      })
    }),
  )
  expect(logs.text).toEqual([])
  expect(await written('deferred')).toBe(1)
})

test('a connection that its taker does not release is destroyed with the invocation', async () => {
  const invoke = functionOf()
  const taken: PoolClient[] = []
  await collectLogs(() =>
    invoke(async (db) => {
      taken.push(await db.pool.connect())
    }),
  )
  expect((await thrownBy(taken[0]!.query('select 1'))).name).toBe('LeaseError')
  expect(await invoke(async (db) => (await db.query('select 2 as two')).rows)).toEqual([{ two: 2 }])
})

test('no connection within the time that is left: the error is the deadline’s, and nothing is left behind', async () => {
  await server.pause()
  onTestFinished(() => server.resume())
  const invoke = functionOf()
  expect(await thrownBy(invoke((db) => db.query('select 1'), 400))).toMatchObject({ name: 'DeadlineError' })
})

test('no connection within `connectTimeout`', async () => {
  await server.pause()
  onTestFinished(() => server.resume())
  const invoke = functionOf({ connectTimeout: 100 })
  const error = await thrownBy(invoke((db) => db.query('select 1')))
  expect(error).toMatchObject({ name: 'ConnectError', code: 'ETIMEDOUT' })
  expect(error.message).toMatch(/no connection within 100 ms/)
})
