import { AsyncLocalStorage } from 'node:async_hooks'
import { Logger } from '@aws-lambda-powertools/logger'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { collectLogs, yields } from './index.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** What reaches the process's own streams. */
const shown = () => {
  const seen: string[] = []
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => seen.push(`${name}: ${chunk}`) > 0)
  return seen
}
afterEach(() => void vi.restoreAllMocks())

describe('collects', () => {
  test('what is written, however', async () => {
    const { result, logs } = await collectLogs(async () => {
      console.log('a %s', 'b')
      console.error({ c: 1 })
      await turn()
      process.stdout.write('{"level":"INFO",')
      process.stdout.write('"n":1}\n')
      await new Promise<void>((resolve) => process.stderr.write('err\n', () => resolve()))
      await new Promise<void>((resolve) => process.stdout.write('68c3a90a', 'hex', () => resolve()))
      return 5
    })
    expect(result).toBe(5)
    expect(logs.text).toEqual(['a b', '{ c: 1 }', '{"level":"INFO","n":1}', 'err', 'hé'])
    expect(logs.json).toEqual([{ level: 'INFO', n: 1 }])
    expect(logs.stdout).toBe('a b\n{"level":"INFO","n":1}\nhé\n')
    expect(logs.stderr).toBe('{ c: 1 }\nerr\n')
  })

  test('lines of two streams that are written by pieces, and characters that are', async () => {
    const { logs } = await collectLogs(() => {
      const e = Buffer.from('é')
      process.stdout.write('out ')
      process.stderr.write('err ')
      process.stdout.write(e.subarray(0, 1))
      process.stderr.write('1\n\n')
      process.stdout.write(e.subarray(1))
      process.stdout.write('\nunfinished')
    })
    expect(logs.text).toEqual(['err 1', '', 'out é', 'unfinished'])
    expect(logs.stdout).toBe('out é\nunfinished')
  })

  test('every method of the console, with groups and counters of its own', async () => {
    const one = () =>
      collectLogs(async () => {
        console.group('g')
        await turn()
        console.info('in')
        console.groupEnd()
        console.count()
        console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })
        console.table([{ x: 1 }])
        console.assert(false, 'no')
        console.trace('here')
      })
    for (const { logs } of await Promise.all([one(), one()])) {
      expect(logs.text.slice(0, 4)).toEqual(['g', '  in', 'default: 1', '{ a: [Object] }'])
      expect(logs.stdout).toContain('│ 0       │ 1 │')
      expect(logs.stderr).toMatch(/^Assertion failed: no\nTrace: here\n +at /)
    }
  })

  test('what Powertools’ logger writes, made before or within, and its development mode', async () => {
    const before = new Logger({ serviceName: 'before' })
    const { logs } = await collectLogs(async () => {
      before.info('one')
      await turn()
      new Logger({ serviceName: 'within' }).error('two')
      vi.stubEnv('POWERTOOLS_DEV', 'true')
      new Logger({ serviceName: 'dev' }).warn('three')
      vi.unstubAllEnvs()
    })
    expect(logs.json).toMatchObject([
      { service: 'before', message: 'one' },
      { service: 'within', message: 'two' },
    ])
    expect(logs.stderr).toContain('"message": "three"')
    expect(logs.stderr).toContain('"message":"two"')
  })

  test('in full view of the function', async () => {
    await collectLogs(async (logs) => {
      console.log('so far')
      expect(logs.text).toEqual(['so far'])
    })
  })

  test('whatever asynchronous context the function makes', async () => {
    const { logs } = await collectLogs(async () => {
      await new AsyncLocalStorage().run(1, async () => {
        await turn()
        console.log('within')
      })
      await new Promise<void>((resolve) => setTimeout(() => resolve(console.log('later')), 1))
    })
    expect(logs.text).toEqual(['within', 'later'])
  })
})

describe('tells apart', () => {
  test('64 that run at once', async () => {
    const one = (i: number) =>
      collectLogs(async () => {
        for (let n = 0; n < 5; n++) {
          console.log(`${i} log`)
          await yields()
          process.stdout.write(`${i} `)
          await yields()
          process.stdout.write('write\n')
        }
      })
    const all = await Promise.all(Array.from({ length: 64 }, (_, i) => one(i)))
    expect(all.map(({ logs }) => logs.text)).toEqual(
      all.map((_, i) => Array.from({ length: 10 }, (_, n) => `${i} ${n % 2 ? 'write' : 'log'}`)),
    )
  })

  test('one within another', async () => {
    const { logs } = await collectLogs(async () => {
      console.log('outer')
      const inner = await collectLogs(() => console.log('inner'))
      expect(inner.logs.text).toEqual(['inner'])
      console.log('outer again')
    })
    expect(logs.text).toEqual(['outer', 'outer again'])
  })

  test('those who collect, and those who do not', async () => {
    const seen = shown()
    let release = () => {}
    const { promise: gate, resolve } = Promise.withResolvers<void>()
    release = resolve
    const collected = collectLogs(async () => {
      await gate
      console.log('mine')
    })
    process.stdout.write('theirs\n')
    release()
    expect((await collected).logs.text).toEqual(['mine'])
    expect(seen).toEqual(['stdout: theirs\n'])
  })
})

describe('loses nothing', () => {
  test('of a function that throws', async () => {
    const seen = shown()
    await expect(
      collectLogs(async () => {
        process.stdout.write('before\n')
        process.stderr.write('the end\n')
        await turn()
        throw new Error('x')
      }),
    ).rejects.toThrow('x')
    expect(seen).toEqual(['stdout: before\n', 'stderr: the end\n'])
  })

  test('of what ends after it: that is shown, or goes to who collects around it', async () => {
    const seen = shown()
    let late = Promise.resolve()
    const startLate = () => {
      late = turn().then(() => void process.stdout.write('late\n'))
    }
    const outer = await collectLogs(async () => {
      const inner = await collectLogs(startLate)
      await late
      expect(inner.logs.text).toEqual([])
    })
    expect(outer.logs.text).toEqual(['late'])
    await collectLogs(startLate)
    await late
    expect(seen).toEqual(['stdout: late\n'])
  })
})

describe('puts everything back', () => {
  const state = () => [
    ...Object.entries(console).map(([, method]) => method),
    ...[process.stdout, process.stderr].flatMap((stream) => [stream.write, Object.hasOwn(stream, 'write')]),
  ]

  test.each([
    ['after it ran', () => 1],
    ['after it threw', () => Promise.reject(new Error('x'))],
    [
      'after it threw at once',
      () => {
        throw new Error('x')
      },
    ],
  ])('%s', async (_, fn) => {
    const before = state()
    await collectLogs(fn).catch(() => {})
    expect(state()).toEqual(before)
  })

  test('and leaves no property on a stream that had none', async () => {
    const own = Object.getOwnPropertyDescriptor(process.stdout, 'write')
    Reflect.deleteProperty(process.stdout, 'write')
    try {
      const { logs } = await collectLogs(() => process.stdout.write('heard'))
      expect(logs.text).toEqual(['heard'])
      expect(Object.hasOwn(process.stdout, 'write')).toBe(false)
    } finally {
      if (own) Object.defineProperty(process.stdout, 'write', own)
    }
  })

  test('after the last of several', async () => {
    const before = state()
    const slow = collectLogs(async () => {
      await turn()
      await turn()
      console.log('still heard')
    })
    await collectLogs(() => {})
    expect((await slow).logs.text).toEqual(['still heard'])
    expect(state()).toEqual(before)
  })

  test('but not what a spy stands on: that hands on what nobody collects', async () => {
    const through = vi.spyOn(console, 'log').mockImplementation(() => {})
    const { result: kept } = await collectLogs(() => console.log)
    kept('a', 1)
    expect(through).toHaveBeenCalledWith('a', 1)
  })

  test('but not a spy that was set meanwhile', async () => {
    const { log } = console
    const { result: spy } = await collectLogs(() => vi.spyOn(console, 'log').mockImplementation(() => {}))
    console.log('to the spy')
    expect(spy).toHaveBeenCalledWith('to the spy')
    spy.mockRestore()
    expect((await collectLogs(() => console.log('heard'))).logs.text).toEqual(['heard'])
    console.log = log
  })
})
