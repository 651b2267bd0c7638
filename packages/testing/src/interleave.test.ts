import { lambda } from '@fnware/core'
import { describe, expect, test } from 'vitest'
import { collectLogs, interleave, runMiddleware, yielding } from './index.ts'

describe('interleave', () => {
  test('runs invocations at once, each with its own result and log', async () => {
    let running = 0
    let most = 0
    const handler = lambda<{ mark: string }>()
      .use(yielding())
      .use(({ event }, next) => {
        most = Math.max(most, ++running)
        return next({ mark: event.mark }, () => running--)
      })
      .use(yielding(2))
      .handle(({ mark }) => {
        console.log(JSON.stringify({ mark }))
        return { mark }
      })
    const { results, logs } = await interleave(handler, (mark) => ({ mark }))
    expect(results).toHaveLength(64)
    expect(most).toBeGreaterThan(10)
    expect(logs.map(({ json }) => json[0]?.mark)).toEqual(results.map(({ mark }) => mark))
  })

  test('catches a function that keeps an invocation in its module, in its result or its log', async () => {
    let current = ''
    const leaky = (write: boolean) =>
      lambda<{ mark: string }>()
        .use(({ event }, next) => {
          current = event.mark
          return next()
        })
        .use(yielding())
        .handle(() => {
          if (write) console.log(current)
          return write ? 'done' : current
        })
    await expect(interleave(leaky(false), (mark) => ({ mark }), { seed: 7 })).rejects.toThrow(
      /^invocation \d+ saw what belongs to invocation \d+, in its result \(seed 7\): "mark-/,
    )
    await expect(interleave(leaky(true), (mark) => ({ mark }))).rejects.toThrow(/in a line of its log/)
  })

  test('fails where an invocation does, and checks its options', async () => {
    const handler = lambda().handle(() => {
      throw new Error('boom')
    })
    await expect(interleave(handler, () => ({}))).rejects.toThrow('boom')
    await expect(interleave(handler, () => ({}), { cuont: 5 } as never)).rejects.toThrow('did you mean `count`?')
  })
})

describe('collectLogs', () => {
  test('collects what is written, however, and only there', async () => {
    const { log } = console
    const { write } = process.stdout
    const { result, logs } = await collectLogs(async () => {
      console.log('a %s', 'b')
      console.error({ c: 1 })
      await new Promise((resolve) => setImmediate(resolve))
      process.stdout.write('{"level":"INFO",')
      process.stdout.write('"n":1}\n')
      await new Promise<void>((resolve) => process.stderr.write('err\n', () => resolve()))
      return 5
    })
    expect(result).toBe(5)
    expect(logs.text).toEqual(['a b', '{ c: 1 }', '{"level":"INFO","n":1}', 'err'])
    expect(logs.json).toEqual([{ level: 'INFO', n: 1 }])
    expect([console.log, process.stdout.write]).toEqual([log, write])
  })

  test('may be used at once, and puts all back when something throws', async () => {
    const { log } = console
    const one = (name: string) =>
      collectLogs(async () => {
        for (let i = 0; i < 5; i++) {
          console.log(name)
          await new Promise((resolve) => setImmediate(resolve))
        }
      })
    const all = await Promise.all(['a', 'b', 'c'].map(one))
    expect(all.map(({ logs }) => logs.text.join(''))).toEqual(['aaaaa', 'bbbbb', 'ccccc'])
    await expect(
      collectLogs(() => {
        throw new Error('x')
      }),
    ).rejects.toThrow('x')
    expect(console.log).toBe(log)
  })
})

describe('runMiddleware', () => {
  const auth =
    (keys: string[]) => (ctx: { key?: string } & Parameters<typeof noop>[0], next: Parameters<typeof noop>[1]) =>
      ctx.key && keys.includes(ctx.key) ? next({ user: { id: ctx.key } }) : Promise.resolve({ status: 401 as const })
  const noop = yielding()

  test('shows what the handler saw, and what came back', async () => {
    const { ctx, result } = await runMiddleware(auth(['k']), { key: 'k', event: { n: 1 } }, ({ user }) =>
      user.id.toUpperCase(),
    )
    expect([ctx?.user.id, ctx?.event, result]).toEqual(['k', { n: 1 }, 'K'])
    expect(await runMiddleware(auth(['k']), {})).toEqual({ ctx: undefined, result: { status: 401 } })
  })
})
