import { expect, test } from 'vitest'
import { Late, within } from './within.ts'

const never = new AbortController().signal
const deaf = () => new Promise<never>(() => {})
const obeying = (error?: unknown) => (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(error ?? signal.reason))
  })

test('work that is done in time is not disturbed', async () => {
  expect(await within(1000, never, async () => 5)).toBe(5)
  await expect(within(1000, never, async () => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
})

test.each([
  ['obeys', obeying()],
  ['is deaf', deaf],
])('work that %s is given up', async (_, work) => {
  await expect(within(10, never, work)).rejects.toThrow(new Late('no answer within 10 ms'))
})

test('work that knows better says so', async () => {
  await expect(within(10, never, obeying(new Error('throttled so far')))).rejects.toThrow('throttled so far')
})

test('whoever asks may end it', async () => {
  const controller = new AbortController()
  const made = within(10_000, controller.signal, deaf)
  controller.abort(new Error('ended'))
  await expect(made).rejects.toThrow('ended')
})
