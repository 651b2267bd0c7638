import { fakeContext } from '@fnware/testing'
import { expect, test, vi } from 'vitest'
import { lambda, resource } from './index.ts'

test('a dispose that never settles is named, and the others are disposed of all the same', async () => {
  vi.useFakeTimers()
  try {
    const log: string[] = []
    const a = resource('a', { init: () => 1, dispose: () => log.push('a') })
    const hangs = resource('hangs', { init: () => 2, dispose: () => new Promise(() => {}) })
    const handler = lambda()
      .use(a)
      .use(hangs)
      .handle(() => 1)
    await handler({}, fakeContext())
    const disposed = handler.dispose().catch((error: AggregateError) => error.errors.map(({ message }) => message))
    await vi.advanceTimersByTimeAsync(9_999)
    expect(log).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(await disposed).toEqual(['the resource `hangs` was not let go within 10000 ms'])
    expect(log).toEqual(['a'])
  } finally {
    vi.useRealTimers()
  }
})
