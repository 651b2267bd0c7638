import { inspect } from 'node:util'
import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { createAuthority, type Postgres as Server, startPostgres } from 'test-servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { running, thrownBy, to } from '../../test/kit.ts'
import { iam } from '../index.ts'
import { type Postgres, type PostgresOptions, postgres } from '../postgres.ts'

let server: Server
beforeAll(async () => {
  server = await startPostgres()
  await server.query(`
    create table notes (note text unique);
    grant all on notes to app;
    create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(30); return null; end $$;
    create constraint trigger slow after insert on notes deferrable initially deferred
    for each row when (new.note = 'slow') execute function slowly()`)
})
afterAll(() => server?.close())

type Run = (db: Postgres) => unknown
const one: Run = (db) => db.query('select 1')

/** What a function throws, or writes to its log. */
const error = async (options: Partial<PostgresOptions>, run: Run = one, timeout = 30_000): Promise<Error> => {
  const handler = lambda()
    .use(postgres({ ...to(server), ...options }))
    .handle(({ db }) => run(db))
  try {
    return await thrownBy(handler({}, fakeContext({ timeout })))
  } finally {
    await handler.dispose()
  }
}
const cutDuring = async (text: string, run: Run) => {
  const thrown = error({}, run)
  await running(server, text)
  await server.terminate('app')
  return thrown
}
const insert = (note: string) => (db: Postgres) =>
  db.transaction((tx) => tx.query('insert into notes values ($1)', [note]))

const table: Readonly<Record<string, () => Promise<Error>>> = {
  'a wrong password': () => error({ credentials: { user: 'app', password: 'correct horse' } }),
  'no user': () => error({ credentials: { password: 'correct horse' } }),
  'no password': () => error({ credentials: { user: 'app' } as never }),
  'a host without a value': () => error({ host: undefined }),
  'no host': async () => {
    const handler = lambda()
      .use(postgres({ credentials: { user: 'app', password: 'correct horse' } }))
      .handle(({ db }) => one(db))
    return thrownBy(handler({}, fakeContext()))
  },
  'a port that is none': () => error({ port: 70_000 }),
  'a selector that throws': () =>
    error({
      credentials: () => {
        throw new Error('denied')
      },
    }),
  'no credentials for a token': () => error({ credentials: iam({ user: 'app', region: 'eu-west-1' }) }),
  'nobody there': () => error({ port: 1 }),
  'no such host': () => error({ host: 'no-such-host.invalid' }),
  'no such database': () => error({ database: 'other' }),
  'an unknown authority': async () => error({ tls: { ca: (await createAuthority()).ca } }),
  'another host’s certificate': () => error({ tls: { ca: server.ca, servername: 'db.example.com' } }),
  'no answer': async () => {
    await server.pause()
    const thrown = await error({ connectTimeout: 50 })
    await server.resume()
    return thrown
  },
  'all in use': () =>
    error({ acquireTimeout: 1_000 }, async (db) => {
      const client = await db.pool.connect()
      try {
        await one(db)
      } finally {
        client.release()
      }
    }),
  'lost with a statement': () => cutDuring('pg_sleep(30)', (db) => db.query('select pg_sleep(30)')),
  'lost with COMMIT': () => cutDuring('commit', insert('slow')),
  'a failover': async () => {
    await server.setReadOnly(true)
    const thrown = await error({}, (db) => db.query("insert into notes values ('x')"))
    await server.setReadOnly(false)
    return thrown
  },
  'a query within its own transaction': () => error({}, (db) => db.transaction(() => db.query('select 1'))),
  'an error that was caught': () =>
    error({}, (db) => db.transaction((tx) => tx.query('select nothing').catch(() => {}))),
  'a transaction that is over': () =>
    error({}, async (db) => {
      const tx = await db.transaction((tx) => tx)
      await tx.query('select 1')
    }),
  'BEGIN as a query': () => error({}, (db) => db.query('begin')),
  'COMMIT within a transaction': () => error({}, (db) => db.transaction((tx) => tx.query('commit'))),
  'used after it was released': () =>
    error({}, async (db) => {
      const client = await db.pool.connect()
      client.release()
      await client.query('select 1')
    }),
  'not released': async () => {
    const forgotten: Promise<Error>[] = []
    const handler = lambda()
      .use(postgres(to(server)))
      .handle(({ db }) => {
        forgotten.push(thrownBy(db.query('select pg_sleep(30)')))
      })
    await collectLogs(() => handler({}, fakeContext()))
    await handler.dispose()
    return forgotten[0] as Promise<Error>
  },
  'the deadline': () => error({}, (db) => db.query('select pg_sleep(30)'), 400),
  disposed: async () => {
    const handler = lambda()
      .use(postgres(to(server)))
      .handle(({ db }) => db)
    const db = await handler({}, fakeContext())
    await handler.dispose()
    return thrownBy(Promise.resolve(one(db)))
  },
  'what pins': () => error({ pinning: 'refuse' }, (db) => db.query('listen channel')),
  'the database’s own': () => error({}, (db) => db.query('select nothing')),
}

const lineOf = (name: string, { name: kind, message, ...rest }: Error & { code?: string }) => {
  const shown = message.replaceAll(String(server.port), 'PORT').replace(/within \d+ ms/, 'within N ms')
  return `${name} → ${kind}${rest.code ? ` (${rest.code})` : ''}\n  ${shown}\n`
}

test('every error names the resource and what to do, and no password', async () => {
  const lines: string[] = []
  for (const [name, make] of Object.entries(table)) {
    const thrown = await make().catch((error) => {
      throw new Error(name, { cause: error })
    })
    lines.push(lineOf(name, thrown))
    expect(inspect(thrown, { depth: 10, showHidden: true }), name).not.toMatch(/correct horse|app-password/)
  }
  await expect(lines.join('\n')).toMatchFileSnapshot('../../test/postgres-errors.txt')
}, 60_000)

test('the context shows no password', async () => {
  const handler = lambda()
    .use(postgres(to(server)))
    .handle(async (ctx) => {
      await ctx.db.query('select 1')
      const client = await ctx.db.pool.connect()
      const shown = [ctx, ctx.db, ctx.db.pool].map((it) => inspect(it, { depth: 10, showHidden: true }))
      client.release()
      return [...shown, JSON.stringify(ctx.db), JSON.stringify(ctx.db.pool.options)].join('\n')
    })
  expect(await handler({}, fakeContext())).not.toMatch(/app-password/)
  await handler.dispose()
})

const mistakes: readonly [Readonly<Record<string, unknown>>, RegExp][] = [
  [{ hots: 'x' }, /^postgres\(\): there is no option `hots`: did you mean `host`\?$/],
  [{ credentials: undefined }, /^postgres\(\): give `credentials`/],
  [{ credentials: 'postgres://app:secret@host' }, /^postgres\(\): give `credentials`/],
  [{ tls: true }, /^postgres\(\): tls takes an object of options$/],
  [{ tls: { rejectUnauthorized: false } }, /^postgres\(\): tls: there is no option `rejectUnauthorized`/],
  [{ connect: 'eager' }, /`connect` must be 'lazy' or 'init'$/],
  [{ pinning: 'never' }, /`pinning` must be 'allow', 'warn' or 'refuse'$/],
  [{ max: -1 }, /`max` must be a number from 0 up$/],
]
test.each(mistakes)('%o is refused where it is given', (options, message) => {
  expect(() => postgres({ credentials: { user: 'app', password: 'x' }, ...options } as never)).toThrow(message)
})
