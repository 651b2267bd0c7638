import { expect, test, vi } from 'vitest'
import { interleave, runMiddleware, yielding, yields } from './index.ts'

/** Who comes first: what yields, or what the event loop does next. */
const order = async (run: (log: string[]) => Promise<unknown>) => {
  const log: string[] = []
  setImmediate(() => log.push('others'))
  await run(log)
  return log
}

test('yields() lets others run for a turn, outside of interleave() too', async () => {
  expect(await order((log) => yields().then(() => log.push('we')))).toEqual(['others', 'we'])
})

test('yields() does so under fake timers', async () => {
  vi.useFakeTimers()
  try {
    await yields()
  } finally {
    vi.useRealTimers()
  }
})

test('within interleave() the order is that of its seed, whatever yielding() was given', async () => {
  const orderOf = async (seed: number, own: number) => {
    const order: string[] = []
    const middleware = yielding(own)
    const handler = async (event: string) => {
      await runMiddleware(middleware, {}, () => void order.push(event.split('-')[1] as string))
      return event
    }
    await interleave(handler, (mark) => mark, { seed })
    return order.join()
  }
  expect(await orderOf(1, 1)).toBe(await orderOf(1, 2))
  expect(await orderOf(1, 1)).not.toBe(await orderOf(2, 1))
  expect((await orderOf(1, 1)).split(',').sort()).toEqual(Array.from({ length: 64 }, (_, i) => String(i)).sort())
})

test('yielding() passes on what comes back, and yields on the way out of an error as well', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const middleware = yielding(seed)
    expect((await runMiddleware(middleware, {}, () => seed)).result).toBe(seed)
    await expect(
      runMiddleware(middleware, {}, () => {
        throw new Error('x')
      }),
    ).rejects.toThrow('x')
  }
})
