import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

// What differs where AWS_LAMBDA_RUNTIME_API is set: a process of its own for each.
vi.setConfig({ testTimeout: 20_000 })
const core = join(import.meta.dirname, 'index.ts')
const extend = join(import.meta.dirname, 'extend.ts')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, '../test/in-lambda-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let count = 0
/** Runs a module as an execution environment would load it, and gives what it printed, its exit code and its signal. */
const run = async (
  code: string,
  env: Readonly<Record<string, string>> = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' },
) => {
  const file = join(folder, `${++count}.ts`)
  const prelude = `import { lambda, resource } from ${JSON.stringify(core)}
    import { verbs } from ${JSON.stringify(extend)}
    const source = { name: 'plain', verbs, open: () => ({}), answer: (it: unknown) => it, fail: (error: Error) => error.name }
    const log = (...line: unknown[]) => console.log(JSON.stringify(line))
    const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 3000 } as never
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))\n`
  await writeFile(file, prelude + code)
  const child = spawn(process.execPath, [file], { env: { ...process.env, AWS_LAMBDA_RUNTIME_API: undefined, ...env } })
  let out = ''
  let err = ''
  child.stdout.on('data', (data) => {
    out += data
    if (out.includes('"kill me"') && !child.killed) child.kill('SIGTERM')
  })
  child.stderr.on('data', (data) => {
    err += data
  })
  const [exit, signal] = await once(child, 'close')
  return {
    lines: out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown[]),
    err,
    exit,
    signal,
  }
}

const slow = `const slow = resource('slow', { init: async () => { log('begun'); await sleep(20); log('made'); return 5 } })\n`

/** A hanging invocation, with a source or without. */
const hangs = (source: string) => `
  let left = 400
  setInterval(() => { left -= 20 }, 20).unref()
  const short = { awsRequestId: 'id', getRemainingTimeInMillis: () => left } as never
  const fn = ({ signal }: { signal: AbortSignal }) => new Promise(() => {
    signal.addEventListener('abort', () => log('aborted', signal.reason.name))
  })
  lambda(${source} as never).handle(fn as never)({}, short).then((name: unknown) => log('answered', name))`

describe('under Lambda', () => {
  test('INIT begins when the module is loaded, and ready() waits for it', async () => {
    const { lines, err } = await run(`${slow}
      const handler = lambda().use(slow).handle(({ slow }) => slow)
      log('loaded')
      await handler.ready()
      log('ready')
      log(await handler({}, context))`)
    expect(err).toBe('')
    expect(lines).toEqual([['begun'], ['loaded'], ['made'], ['ready'], [5]])
  })

  test('an INIT that fails does not fail the module, and the first invocation tries again', async () => {
    const { lines, exit } = await run(`
      let tries = 0
      const flaky = resource('flaky', { init: async () => { if (++tries < 2) throw new Error('throttled'); return tries } })
      const handler = lambda().use(flaky).handle(({ flaky }) => flaky)
      await handler.ready()
      log(tries, await handler({}, context))`)
    expect([lines, exit]).toEqual([[[1, 2]], 0])
  })

  test('also where that is still under way when the first invocations come', async () => {
    const { lines } = await run(`
      let tries = 0
      const flaky = resource('flaky', { init: async () => { const n = ++tries; await sleep(10); if (n < 2) throw new Error('throttled'); return n } })
      const handler = lambda().use(flaky).handle(({ flaky }) => flaky)
      log(await Promise.all([handler({}, context), handler({}, context)]), tries)`)
    expect(lines).toEqual([[[2, 2], 2]])
  })

  test.each([
    [9_999, [['begun'], ['waits'], ['made', 1], ['answered', 1]]],
    [10_000, [['begun'], ['begun'], ['waits'], ['made', 2], ['answered', 2]]],
  ])('an INIT that was frozen for %i ms is waited for, or begun again', async (frozen, log) => {
    const { lines } = await run(`
      let now = 1_000_000
      Date.now = () => now
      const made: ((value: number) => void)[] = []
      const it = resource('it', { init: () => { log('begun'); return new Promise<number>((resolve) => made.push(resolve)) } })
      const handler = lambda().use(it).handle(({ it }) => it)
      now += ${frozen}
      const answer = handler({}, context)
      log('waits')
      log('made', made.length)
      made.at(-1)?.(made.length)
      log('answered', await answer)`)
    expect(lines).toEqual(log)
  })

  test('one resource of two functions begins once', async () => {
    const { lines } = await run(`${slow}
      const one = lambda().use(slow).handle(() => 1)
      const other = lambda().use(slow).handle(() => 2)
      await one.ready(); await other.ready()
      log('ready')`)
    expect(lines).toEqual([['begun'], ['made'], ['ready']])
  })

  test('SIGTERM disposes of the resources, last first, and ends the process', async () => {
    const { lines, exit, signal } = await run(`
      const a = resource('a', { init: () => 1, dispose: () => log('a') })
      const b = resource('b', { needs: ['a'], init: () => 2, dispose: async () => { await sleep(5); log('b') } })
      const handler = lambda().use(a).use(b).handle(() => 1)
      await handler.ready()
      setTimeout(() => {}, 60_000)
      log('kill me')`)
    expect([lines, exit, signal]).toEqual([[['kill me'], ['b'], ['a']], 0, null])
  })

  test('SIGTERM is for all functions, and whatever one fails to let go of is written down', async () => {
    const { lines, err, exit } = await run(`
      const logged = (key: string) => resource(key, { init: () => key, dispose: () => { log(key); if (key === 'b') throw new Error('stuck') } })
      const one = lambda().use(logged('a')).handle(() => 1)
      const other = lambda().use(logged('b')).use(logged('c')).handle(() => 1)
      await one.ready(); await other.ready()
      setTimeout(() => {}, 60_000)
      log('kill me')`)
    expect([lines, exit]).toEqual([[['kill me'], ['c'], ['b'], ['a']], 0])
    expect(err).toMatch(/AggregateError: dispose failed[\s\S]+stuck/)
  })

  test('SIGTERM waits no longer for a dispose that hangs than leaves time for the others', async () => {
    const { lines, err, exit } = await run(`
      const a = resource('a', { init: () => 1, dispose: () => log('a') })
      const hangs = resource('hangs', { init: () => 2, dispose: () => new Promise(() => {}) })
      const handler = lambda().use(a).use(hangs).handle(() => 1)
      await handler.ready()
      setTimeout(() => {}, 60_000)
      log('kill me')`)
    expect([lines, exit]).toEqual([[['kill me'], ['a']], 0])
    expect(err).toMatch('the resource `hangs` was not let go within 200 ms')
  })

  test('a process that others look after at SIGTERM is theirs to end', async () => {
    const { lines, exit } = await run(`
      const handler = lambda().use(resource('a', { init: () => 1, dispose: () => log('a') })).handle(() => 1)
      await handler.ready()
      process.on('SIGTERM', () => setTimeout(() => { log('mine'); process.exit(3) }, 50))
      setTimeout(() => {}, 60_000)
      log('kill me')`)
    expect([lines, exit]).toEqual([[['kill me'], ['a'], ['mine']], 3])
  })

  test('a function for a test starts nothing before it is called', async () => {
    const { lines } = await run(`${slow}
      const handler = lambda().use(slow).handle(({ slow }) => slow)
      await handler.ready()
      const own = handler.with({}, { init: true })
      await own.ready()
      log('ready')
      log(await own({}, context))`)
    expect(lines).toEqual([['begun'], ['made'], ['ready'], ['begun'], ['made'], [5]])
  })

  test.each([
    ['undefined', [['aborted', 'DeadlineError']]],
    [
      'source',
      [
        ['aborted', 'DeadlineError'],
        ['answered', 'DeadlineError'],
      ],
    ],
  ])('a hanging invocation of lambda(%s) is kept alive until its deadline', async (source, log) => {
    expect((await run(hangs(source))).lines).toEqual(log)
  })

  test('functions without resources leave SIGTERM alone', async () => {
    const { signal } = await run(`lambda().handle(() => 1)
      setTimeout(() => {}, 60_000)
      log('kill me')`)
    expect(signal).toBe('SIGTERM')
  })
})

test('off Lambda INIT begins with the first invocation, and ready() waits for nothing', async () => {
  const code = `${slow}
    const handler = lambda().use(slow).handle(({ slow }) => slow)
    await handler.ready()
    log('ready')
    log(await handler({}, context))`
  expect((await run(code, {})).lines).toEqual([['ready'], ['begun'], ['made'], [5]])
})

test.each(['undefined', 'source'])(
  'off Lambda a hanging invocation of lambda(%s) keeps no process alive',
  async (source) => {
    expect((await run(hangs(source), {})).lines).toEqual([])
  },
)
