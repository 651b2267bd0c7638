import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import type { RowDataPacket } from 'mysql2'
import { type MariaDb, startMariaDb } from 'test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { thrownBy, to } from '../../test/kit.ts'
import { type MySql, type MySqlOptions, mysql } from '../mysql.ts'
import { Pinning } from '../pinning.ts'
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
    'set @total = 1',
    'SET @a := 1, @b := 2',
    'set @`quoted` = 1',
    'select @n := @n + 1 from t',
    'select id into @id from t limit 1',
    'set sql_select_limit = 5',
    'SET SESSION group_concat_max_len = 100000',
    'set @@session.max_execution_time = 5',
    'set @@foreign_key_checks = 0',
    'set sql_mode = "", unique_checks = 0',
    'set unique_checks = 0, sql_mode = ""',
    'select 1; set sort_buffer_size = 5',
    '/* why */ set big_tables = 1',
    'prepare p from "select 1"',
    'execute p using @a',
    'deallocate prepare p',
    'drop prepare p',
    'LOCK TABLES t WRITE',
    'lock table t read',
    'unlock tables',
    'flush tables t with read lock',
    "select get_lock('x', 10)",
    "do release_lock('x')",
    'create temporary table t (i int)',
    'CREATE OR REPLACE TEMPORARY TABLE t SELECT 1',
    'select found_rows()',
    'select last_insert_id()',
    'select row_count()',
  ])('%s', (text) => {
    expect(refusal(text)).toMatch(/^`db`: .* pins the session of an RDS Proxy: .* Instead: .*pinning: 'allow'/)
  })

  test.each([
    // An RDS Proxy keeps track of these.
    'set names utf8mb4',
    'set character set utf8mb4',
    'set charset utf8mb4',
    "set sql_mode = 'ANSI'",
    "set time_zone = '+00:00', sql_mode = ''",
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    'set transaction read only',
    "set @@session.time_zone = '+00:00'",
    'set @@autocommit = 1',
    'set statement max_statement_time = 1 for select 1',
    "update t set note = '@x := 1'",
    'update t set a = 1, b = (select max(c) from u)',
    "insert into t (note) values ('; lock tables t write')",
    "select 'it''s; set x = 1', `set @x`",
    'select @@version, @@session.sql_mode',
    "select 'someone@example.com'",
    'select id from t where locked = 1 for update',
    'insert into t set note = ?',
    'select id -- get_lock(1)\nfrom t',
    'create table temporary_things (i int)',
    'select found_rows from statistics',
    'start transaction',
    '',
  ])('not: %s', (text) => {
    expect(refusal(text)).toBeUndefined()
  })

  test('no statement takes long to look at', () => {
    for (const hard of ['set ', '@', 'set @', 'set sql_mode=', ',', 'flush ', ' '])
      expect(() => refusal(hard.repeat(Math.floor(16_000 / hard.length)))).not.toThrow()
  }, 2_000)
})

describe('a function', () => {
  let server: MariaDb
  beforeAll(async () => {
    server = await startMariaDb()
    await server.query('create table notes (id int auto_increment primary key, note mediumtext)')
  })
  afterAll(() => server?.close())
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })
  const warnings = () => vi.spyOn(console, 'warn').mockReturnValue()
  const functionWith = (options: Partial<MySqlOptions> = {}) => {
    const handler = lambda<(db: MySql) => Promise<unknown>>()
      .use(mysql({ ...to(server), ...options }))
      .handle(({ event, db }) => event(db))
    onTestFinished(() => handler.dispose())
    return (run: (db: MySql) => Promise<unknown>) => handler(run, fakeContext())
  }

  test('is warned outside of Lambda, once for each', async () => {
    const warned = warnings()
    const invoke = functionWith()
    for (let i = 0; i < 3; i++) await invoke((db) => db.query('set @mine = ?', [i]))
    for (let i = 0; i < 3; i++) await invoke((db) => db.execute('select ? as it', [i]))
    await invoke((db) => db.pool.promise().query("select get_lock('x', 0), release_lock('x')"))
    await invoke((db) => db.query('select length(?)', ['x'.repeat(20_000)]))
    await invoke((db) => db.query({ sql: 'select length(?)', values: ['x'.repeat(20_000)] }))
    expect(warned.mock.calls.map(([line]) => /`db`: (.*) pins/.exec(line)?.[1])).toEqual([
      'a user variable',
      'execute(), which prepares the statement on the server,',
      'a named lock',
      'a statement of more than 16 KB, values included,',
    ])
  })

  test('is not in Lambda', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders')
    const warned = warnings()
    const invoke = functionWith()
    expect(await invoke(async (db) => (await db.execute<RowDataPacket[]>('select ? as it', [1]))[0])).toEqual([
      { it: 1 },
    ])
    expect(warned).not.toHaveBeenCalled()
    const named = await invoke(async (db) => {
      const connection = await db.pool.promise().getConnection()
      connection.release()
      return connection.connection.config.connectAttributes
    })
    expect(named).toEqual(expect.objectContaining({ program_name: 'orders' }))
  })

  test('is refused where it says so, and nothing sent', async () => {
    const invoke = functionWith({ pinning: 'refuse' })
    for (const run of [
      (db: MySql) => db.query('lock tables notes write'),
      (db: MySql) => db.execute('select 1'),
      (db: MySql) => db.transaction((tx) => tx.query('set @x = 1')),
      (db: MySql) => db.transaction((tx) => tx.execute('select 1')),
      (db: MySql) => db.pool.promise().query('set @x = 1'),
      (db: MySql) => db.pool.promise().execute('select 1'),
      async (db: MySql) => {
        const connection = await db.pool.promise().getConnection()
        try {
          await connection.prepare('select 1')
        } finally {
          connection.release()
        }
      },
    ])
      expect((await thrownBy(invoke(run))).name).toBe('PinningError')
    expect(await invoke(async (db) => db.health)).toEqual({ open: 1, waiting: 0, opened: 1, discarded: 0, retried: 0 })
    const [prepared] = await server.query("show global status like 'Com_stmt_prepare'")
    const before = Number(prepared?.Value)
    await thrownBy(invoke((db) => db.execute('select 1')))
    expect(await server.query("show global status like 'Com_stmt_prepare'")).toMatchObject([{ Value: String(before) }])
  })

  test('has the driver send nothing of its own that pins', async () => {
    await server.query('set global general_log = on, global log_output = "TABLE"')
    onTestFinished(async () => {
      await server.query('set global general_log = off')
    })
    await functionWith({ pinning: 'refuse' })(async (db) => {
      await db.query('insert into notes (note) values (?)', ['mine'])
      await db.transaction((tx) => tx.query('select ? as it', [1]), { isolation: 'serializable' })
      await db.query('select 2')
    })
    const sql =
      "select command_type as kind, convert(argument using utf8) as text from mysql.general_log where user_host like 'app%' order by event_time"
    const sent = (await server.query(sql))
      .map(({ kind, text }) => `${kind} ${text}`)
      .filter((it) => !it.startsWith('Quit'))
    expect(sent).toEqual([
      "Query insert into notes (note) values ('mine')",
      "Query show variables where variable_name in ('transaction_isolation', 'tx_isolation')",
      'Query set session transaction isolation level serializable',
      'Query start transaction',
      'Query select 1 as it',
      'Query commit',
      'Query set session transaction isolation level REPEATABLE READ',
      'Query select 2',
    ])
    for (const text of sent) expect(refusal(text.replace('Query ', ''))).toBeUndefined()
  })
})
