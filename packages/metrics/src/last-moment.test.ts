import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LastMoment } from './last-moment.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('each in its own last moment, whichever came first, and by one timer', () => {
  const last = new LastMoment()
  const written: string[] = []
  const pending = (name: string) => {
    const it = {
      flush: () => {
        written.push(name)
        last.delete(it)
      },
    }
    return it
  }
  const [long, short, ended] = [pending('long'), pending('short'), pending('ended')]
  last.add(long, 1000)
  last.add(short, 100)
  last.add(pending('longer'), 3000)
  last.add(ended, 500)
  last.add(pending('endless'), Infinity)
  last.delete(ended)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(74)
  expect(written).toEqual([])
  vi.advanceTimersByTime(1)
  expect(written).toEqual(['short'])
  vi.advanceTimersByTime(874)
  expect(written).toEqual(['short'])
  vi.advanceTimersByTime(1)
  expect(written).toEqual(['short', 'long'])
  vi.advanceTimersByTime(2000)
  expect(written).toEqual(['short', 'long', 'longer'])
  expect(vi.getTimerCount()).toBe(0)
})

test('what is overdue already is written at once, and Node has nothing to warn of', async () => {
  vi.useRealTimers()
  const warned = vi.fn()
  process.on('warning', warned)
  const flush = vi.fn()
  new LastMoment().add({ flush }, -5)
  await vi.waitFor(() => expect(flush).toHaveBeenCalled())
  await new Promise(setImmediate)
  process.off('warning', warned)
  expect(warned).not.toHaveBeenCalled()
})
