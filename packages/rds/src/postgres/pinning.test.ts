import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type PgBouncer, type Postgres as Server, startPgBouncer, startPostgres } from 'test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { bareOf, Pinning } from '../pinning.ts'
import { type Postgres, type PostgresOptions, postgres } from '../postgres.ts'
import { pins } from './pins.ts'

const pinning = new Pinning('db', pins, 'refuse')
const refusal = (text: string): string | undefined => {
  try {
    pinning.check(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe('what pins', () => {
  test.each([
    'set search_path to tenant',
    'SET SESSION time zone "UTC"',
    '  set statement_timeout = 5',
    'select 1; set role reader',
    '/* why */ set x.y = 1',
    '-- why\nreset all',
    "select set_config('x.y', $1, false)",
    'prepare p as select 1',
    'execute p',
    'deallocate all',
    'discard temp',
    'listen channel',
    'UNLISTEN *',
    'create temp table t (i int)',
    'create temporary table t as select 1',
    'CREATE LOCAL TEMP VIEW v AS SELECT 1',
    'select 1 into temp t',
    'declare c cursor with hold for select 1',
    "load 'library'",
    'select pg_advisory_lock(1)',
    'select pg_try_advisory_lock_shared(1)',
    'select pg_advisory_unlock_all()',
    "select nextval('s')",
    "select setval('s', 1)",
  ])('%s', (text) => {
    expect(refusal(text)).toMatch(/^`db`: .* pins the session of an RDS Proxy: .* Instead: .*pinning: 'allow'/)
  })

  test.each([
    'set local statement_timeout = 5',
    'set transaction read only',
    'set constraints all deferred',
    "update t set note = 'x'",
    "insert into t values ('; set x = 1')",
    'insert into t values ($$; set x = 1$$)',
    'insert into t values ($tag$; listen c$tag$) returning 1',
    'select "set" from t -- ; set x = 1',
    'select 1 /* ; listen c */',
    "select set_config('x.y', $1, true)",
    'select pg_advisory_xact_lock(1)',
    'select id, execute from t where load = $1 and listen = $2',
    'create table temp_things (i int)',
    'select temperature from readings',
    'select nextval from s',
    "select 'it''s; set x = 1'",
    "select E'\\'; set x = 1'",
    '',
  ])('not: %s', (text) => {
    expect(refusal(text)).toBeUndefined()
  })

  test('a statement of more than 16 KB', () => {
    expect(refusal(`select '${'x'.repeat(16_384)}'`)).toMatch(/more than 16 KB.*pass what is long as a parameter/)
  })

  test('no statement takes long to look at', () => {
    for (const hard of [`'`.repeat(16_000), '/*'.repeat(8_000), '$a'.repeat(8_000), 'set_config('.repeat(1_400)])
      expect(bareOf(hard)).toBeTypeOf('string')
  })

  test('what was seen once is known, but not for ever', () => {
    const mine = new Pinning('db', pins, 'refuse')
    for (let i = 0; i < 3_000; i++) mine.check(`select ${i}`)
    expect(() => mine.check('listen c')).toThrow(/LISTEN/)
  })
})

describe('a function', () => {
  let server: Server
  let proxy: PgBouncer
  beforeAll(async () => {
    server = await startPostgres()
    proxy = await startPgBouncer({ to: server, poolSize: 2 })
  })
  afterAll(async () => {
    await proxy?.close()
    await server?.close()
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })
  const warnings = () => vi.spyOn(console, 'warn').mockReturnValue()
  const functionWith = (options: Partial<PostgresOptions> = {}) => {
    const handler = lambda<(db: Postgres) => Promise<unknown>>()
      .use(postgres({ ...to(proxy), ...options }))
      .handle(({ event, db }) => event(db))
    onTestFinished(() => handler.dispose())
    return (run: (db: Postgres) => Promise<unknown>) => handler(run, fakeContext())
  }

  test('is warned outside of Lambda, once for each', async () => {
    const warned = warnings()
    const invoke = functionWith()
    for (let i = 0; i < 3; i++) await invoke((db) => db.query('set application_name = $$mine$$'))
    await invoke((db) => db.pool.query('listen c'))
    expect(warned.mock.calls.map(([line]) => /`db`: (\S+) pins/.exec(line)?.[1])).toEqual(['SET', 'LISTEN'])
  })

  test('is not in Lambda', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders')
    const warned = warnings()
    const named = { name: 'by-name', text: 'select current_setting($1) as it', values: ['application_name'] }
    expect(await functionWith()(async (db) => (await db.query(named)).rows)).toEqual([{ it: 'orders' }])
    expect(warned).not.toHaveBeenCalled()
  })

  test('is refused where it says so, and nothing sent', async () => {
    const invoke = functionWith({ pinning: 'refuse' })
    for (const run of [
      (db: Postgres) => db.query('listen c'),
      (db: Postgres) => db.query({ name: 'n', text: 'select 1' }),
      (db: Postgres) => db.transaction((tx) => tx.query('listen c')),
      (db: Postgres) => db.pool.query('listen c'),
    ])
      expect((await thrownBy(invoke(run))).name).toBe('PinningError')
    expect(await invoke(async (db) => [(await db.query('select 1 as one')).rows, db.health])).toEqual([
      [{ one: 1 }],
      { open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 },
    ])
  })

  test('has named statements sent without their names, which PgBouncer and RDS Proxy cannot share', async () => {
    warnings()
    const invoke = functionWith({ max: 3 })
    const named = (db: Postgres) => db.query({ name: 'same', text: 'select $1::int as it', values: [1] })
    const prepared = (db: Postgres) => db.query('select from pg_prepared_statements')
    await invoke((db) => Promise.all([named(db), named(db), named(db), named(db)]))
    expect(await invoke(async (db) => (await prepared(db)).rowCount)).toBe(0)
  })

  test('may keep them where there is no proxy', async () => {
    const warned = warnings()
    const invoke = functionWith({ ...to(server), pinning: 'allow' })
    await invoke((db) => db.query({ name: 'same', text: 'select $1::int as it', values: [1] }))
    expect(await invoke(async (db) => (await db.query('select from pg_prepared_statements')).rowCount)).toBe(1)
    expect(warned).not.toHaveBeenCalled()
  })

  test('sends no options with its start, which would pin and which PgBouncer refuses', async () => {
    vi.stubEnv('PGOPTIONS', '-c statement_timeout=5')
    expect(await functionWith()(async (db) => (await db.query('select 1 as one')).rows)).toEqual([{ one: 1 }])
  })
})
