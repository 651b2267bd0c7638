import { expect, test, vi } from 'vitest'
import { gather } from './gather.ts'

const never = new AbortController().signal
const asking = (ask: (ids: readonly string[], signal: AbortSignal) => Promise<readonly (string | Error)[]>) => {
  const asked = vi.fn(ask)
  return { asked, get: gather<string, string>({ most: 3, identify: (id) => id, ask: asked }) }
}

test('what is asked for in one tick is asked for at once, identical ones once', async () => {
  const { get, asked } = asking(async (ids) => ids.map((id) => `<${id}>`))
  expect(await Promise.all(['a', 'b', 'a'].map((id) => get(id, never)))).toEqual(['<a>', '<b>', '<a>'])
  expect(asked.mock.calls.map(([ids]) => ids)).toEqual([['a', 'b']])
  expect(await get('a', never)).toBe('<a>')
  expect(asked).toHaveBeenCalledTimes(2)
})

test('in chunks, in parallel', async () => {
  let open = 0
  let most = 0
  const { get, asked } = asking(async (ids) => {
    most = Math.max(most, ++open)
    await new Promise(setImmediate)
    open--
    return ids
  })
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  expect(await Promise.all(ids.map((id) => get(id, never)))).toEqual(ids)
  expect(asked.mock.calls.map(([ids]) => ids.join(''))).toEqual(['abc', 'def', 'g'])
  expect(most).toBe(3)
})

test('one that fails alone fails alone', async () => {
  const { get } = asking(async (ids) => ids.map((id) => (id === 'b' ? new Error('no b') : id)))
  const results = await Promise.allSettled(['a', 'b', 'b'].map((id) => get(id, never)))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
})

test('all fail together where the asking does', async () => {
  const { get } = asking(async () => {
    throw new Error('down')
  })
  for (const result of await Promise.allSettled(['a', 'b'].map((id) => get(id, never))))
    expect(result).toMatchObject({ status: 'rejected', reason: new Error('down') })
})

test('the asking is given up when nobody waits for it any more', async () => {
  const { get, asked } = asking(
    (_, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  )
  const [a, b] = [new AbortController(), new AbortController()]
  const both = Promise.allSettled([get('a', a.signal), get('b', b.signal), get('c', AbortSignal.abort())])
  await Promise.resolve()
  const signal = asked.mock.calls[0]?.[1] as AbortSignal
  a.abort()
  expect(signal.aborted).toBe(false)
  b.abort(new Error('ended'))
  expect(signal.aborted).toBe(true)
  expect((await both)[0]).toMatchObject({ reason: new Error('ended') })
})

test('one alone is asked for with its own signal', async () => {
  const { get, asked } = asking(async (ids) => ids)
  const { signal } = new AbortController()
  await get('a', signal)
  expect(asked.mock.calls[0]?.[1]).toBe(signal)
})
