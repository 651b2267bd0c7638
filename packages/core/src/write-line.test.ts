import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { writeLine } from './write-line.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-line-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const prelude = `
  import { writeLine } from '@fnware/core/extend'
  const mega = (by, n, size = 1_000_000) => writeLine(JSON.stringify({ by, n, filled: by.at(0).repeat(size) }))
  const said = (what) => process.stderr.write(what + '\\n')
`
/** Runs a module with its stdout wired by a shell, in which \`"$@"\` is the process. */
const start = (code: string, shell = '"$@"') => {
  const node = [process.execPath, '--conditions=@fnware/source', '--input-type=module', '--eval', prelude + code]
  const child = spawn('bash', ['-c', `set -o pipefail; ${shell}`, 'bash', ...node], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const err = text(child.stderr)
  return { child, err, over: once(child, 'close') as Promise<[code: number]> }
}
const run = async (code: string, shell?: string) => {
  const { child, err, over } = start(code, shell)
  const out = await text(child.stdout)
  const [status] = await over
  return { out, err: await err, status }
}

interface Line {
  readonly by: string
  readonly n: number
  readonly filled: string
}
/** All of them, each whole. */
const parsed = (out: string, size = 1_000_000): readonly Line[] => {
  expect(out.endsWith('\n')).toBe(true)
  const lines = out
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  for (const { by, filled } of lines) expect(filled === (by[0] as string).repeat(size)).toBe(true)
  return lines
}
const many = `for (let n = 0; n < 12; n++) mega('main', n)\n`
const inOrder = Array.from({ length: 12 }, (_, n) => n)

describe('lines of a megabyte are whole, and none is lost,', () => {
  test.each([
    ['by a pipe', '"$@" | cat'],
    ['by a pipe that nobody reads for a while', '"$@" | { sleep 0.5; cat; }'],
    ['by a pipe of 4 kB', `perl -e 'fcntl(STDOUT, 1031, 4096) == 4096 or die; exec @ARGV' "$@" | { sleep 0.2; cat; }`],
    ['by a pipe that is read by little', '"$@" | dd bs=7001 status=none'],
    ['by a socket', '"$@"'],
  ])('%s', async (_, shell) => {
    const { out, err, status } = await run(many, shell)
    expect({ err, status }).toEqual({ err: '', status: 0 })
    expect(parsed(out).map(({ n }) => n)).toEqual(inOrder)
  })

  test('in a file', async () => {
    const file = join(folder, 'out')
    expect(await run(many, `"$@" > ${file}`)).toEqual({ out: '', err: '', status: 0 })
    expect(parsed(await readFile(file, 'utf8')).map(({ n }) => n)).toEqual(inOrder)
  })

  test('by eight threads and the main one at once', async () => {
    const { out, err, status } = await run(
      `await import(${JSON.stringify(join(import.meta.dirname, '../test/threads.ts'))})`,
      '"$@" | { sleep 0.3; cat; }',
    )
    expect({ err, status }).toEqual({ err: '', status: 0 })
    const lines = parsed(out)
    expect(lines).toHaveLength(45)
    for (const by of [...'abcdefgh'].map((name) => `${name} thread`).concat('main'))
      expect(lines.filter((line) => line.by === by).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4])
  })

  test('beside what others write, and as it is where the console is another', async () => {
    // Lambda's runtime client has it write lines of its own.
    const { out, status } = await run(
      `for (const method of ['log', 'info', 'warn', 'error'])
        console[method] = (text) => process.stdout.write('2026-11-24\\tid\\tINFO\\t' + text + '\\n')
      for (let n = 0; n < 5; n++) {
        console.log('before ' + n)
        mega('main', n)
        process.stdout.write('after ' + n + '\\n')
      }`,
      '"$@" | cat',
    )
    expect(status).toBe(0)
    const lines = out.slice(0, -1).split('\n')
    expect(lines).toHaveLength(15)
    expect(lines.filter((line) => line.startsWith('2026-11-24\tid\tINFO\tbefore'))).toHaveLength(5)
    expect(parsed(`${lines.filter((line) => line.startsWith('{')).join('\n')}\n`).map(({ n }) => n)).toEqual([
      0, 1, 2, 3, 4,
    ])
  })
})

describe('a line', () => {
  /** A stdout that takes what it is given when it is told to. */
  const stdoutOf = (taken: string[], room = 16_384) => {
    const waiting: (() => void)[] = []
    const stdout = new Writable({
      highWaterMark: room,
      write: (chunk, _, done) => {
        waiting.push(() => {
          taken.push(String(chunk))
          done()
        })
      },
    })
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(stdout as never)
    const drain = async () => {
      while (waiting.length > 0) {
        waiting.shift()?.()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return { stdout, drain }
  }
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('is one write, with its end', async () => {
    const taken: string[] = []
    const { drain } = stdoutOf(taken)
    writeLine('{"a":1}')
    writeLine('')
    await drain()
    expect(taken).toEqual(['{"a":1}\n', '\n'])
  })

  test('is given to whatever stands in for stdout', () => {
    const taken: string[] = []
    vi.spyOn(process, 'stdout', 'get').mockReturnValue({ write: (text: string) => taken.push(text) } as never)
    writeLine('1')
    writeLine('2')
    expect(taken).toEqual(['1\n', '2\n'])
  })

  test('listens for errors once for each stdout, and takes them', async () => {
    const first = stdoutOf([]).stdout
    writeLine('1')
    writeLine('2')
    expect(first.listenerCount('error')).toBe(1)
    const { stdout } = stdoutOf([])
    writeLine('3')
    expect([first.listenerCount('error'), stdout.listenerCount('error')]).toEqual([1, 1])
    stdout.destroy(new Error('EPIPE'))
    await new Promise((resolve) => setImmediate(resolve))
    writeLine('4')
  })

  test('is dropped where 64 MB wait, and that is told when they are gone, each time anew', async () => {
    const mega = 'x'.repeat(1024 * 1024 - 1)
    const taken: string[] = []
    const { stdout, drain } = stdoutOf(taken)
    for (let time = 1; time <= 2; time++) {
      taken.length = 0
      for (let i = 0; i < 64; i++) writeLine(mega)
      expect(stdout.writableLength).toBe(64 * 1024 * 1024)
      writeLine('the last')
      for (let i = 0; i < time + 1; i++) writeLine('too much')
      expect(stdout.listenerCount('drain')).toBe(1)
      await drain()
      expect(stdout.listenerCount('drain')).toBe(0)
      expect(taken.slice(64, 65)).toEqual(['the last\n'])
      expect(taken).toHaveLength(66)
      expect(JSON.parse(taken[65] as string)).toEqual({
        level: 'WARN',
        message: `${time + 1} lines were dropped: nobody read stdout`,
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      })
    }
    writeLine('after it')
    await drain()
    expect(taken.at(-1)).toBe('after it\n')
  })
})

describe('a process outlives its stdout:', () => {
  const lives = `
    let n = 0
    const timer = setInterval(() => {
      mega('main', n)
      if (n++ < 12) return
      clearInterval(timer)
      said('lived on, with ' + process.stdout.listenerCount('error') + ' listener')
      process.exitCode = 7
    }, 10)`
  test.each([
    ['one that is closed before the first line', '{ sleep 0.2; "$@"; echo $? >&2; } | true'],
    ['one that is closed while lines are written', '{ "$@"; echo $? >&2; } | head -c 3000500 | tail -c 1 > /dev/null'],
    ['one that is none', '"$@" >&-; echo $? >&2'],
    ['one that is full', '"$@" > /dev/full; echo $? >&2'],
  ])('%s', async (_, shell) => {
    const { err } = await run(lives, shell)
    expect(err).toMatch(/^lived on, with \d listener\n7\n$/)
  })

  test('one whose write() throws', async () => {
    const { err, status } = await run(
      `process.stdout.write = () => { throw new Error('no') }
      mega('main', 1)
      Object.defineProperty(process, 'stdout', { get: () => { throw new Error('none') } })
      mega('main', 2)
      said('lived on')`,
    )
    expect({ err, status }).toEqual({ err: 'lived on\n', status: 0 })
  })

  test('one that nobody reads: it waits for none, keeps 64 MB, and tells how many lines it dropped', async () => {
    const { child, err, over } = start(
      `for (let n = 0; n < 100; n++) mega('main', n)
      await new Promise((resolve) => setTimeout(resolve, 20))
      said('answered')`,
    )
    await once(child.stderr, 'data')
    const lines = (await text(child.stdout)).slice(0, -1).split('\n')
    await over
    expect(await err).toBe('answered\n')
    const kept = parsed(`${lines.slice(0, -1).join('\n')}\n`)
    expect(kept.map(({ n }) => n)).toEqual(kept.map((_, n) => n))
    expect(kept.length).toBeGreaterThan(60)
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({
      level: 'WARN',
      message: `${100 - kept.length} lines were dropped: nobody read stdout`,
    })
  })

  test('with one listener of ours, however many lines', async () => {
    const { out } = await run(`for (let n = 0; n < 50; n++) mega('main', n, 1)
      writeLine(String(process.stdout.listenerCount('error')))`)
    expect(out.trimEnd().split('\n').at(-1)).toBe('1')
  })
})
