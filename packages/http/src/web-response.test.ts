import { lambda } from '@fnware/core'
import { collectLogs, fakeContext } from '@fnware/testing'
import { describe, expect, test } from 'vitest'
import { httpApi } from '../test/requests.ts'
import { http } from './index.ts'

/** A body, and whether it was told to stop. */
const body = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => unknown) => {
  const told: { reason?: unknown } = {}
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => pull(controller) as Promise<void>,
    cancel: (reason) => {
      told.reason = reason
    },
  })
  return { stream, told }
}
const answered = async (response: Response, timeout = 30_000) =>
  collectLogs(() =>
    lambda(http(), { grace: 0 }).handle(() => response)(httpApi({}), fakeContext({ timeout, awsRequestId: 'id' })),
  )

describe('the body of a Response that', () => {
  test('never goes on is told to stop at the deadline, which is what is answered', async () => {
    const { stream, told } = body(() => new Promise(() => {}))
    const { result } = await answered(new Response(stream), 40)
    expect(result.statusCode).toBe(504)
    expect(told.reason).toMatchObject({ name: 'DeadlineError' })
  })

  test('never ends is told to stop when it is more than Lambda takes', async () => {
    const chunk = new Uint8Array(100_000)
    let pulls = 0
    const { stream, told } = body((controller) => {
      pulls++
      controller.enqueue(chunk)
    })
    const { result, logs } = await answered(new Response(stream))
    expect(result.statusCode).toBe(500)
    expect(told.reason).toMatchObject({ message: expect.stringMatching('more than 6 MiB') })
    expect(logs.stderr).toContain('more than 6 MiB')
    expect(pulls).toBeLessThan(80)
  })

  test('is just as much as Lambda takes is given', async () => {
    const { result } = await answered(new Response(new Uint8Array(6 * 2 ** 20)))
    expect([result.statusCode, result.body?.length]).toEqual([200, 8 * 2 ** 20])
  })

  test.each([
    ['fails', () => new Response(body((controller) => controller.error(new Error('reset'))).stream), 'reset'],
    ['is no bytes', () => new Response(body((controller) => controller.enqueue('text' as never)).stream), 'TypeError'],
  ])('%s is a 500, and in the log', async (_, make, says) => {
    const { result, logs } = await answered(make())
    expect(result.statusCode).toBe(500)
    expect(logs.stderr).toContain(says)
  })

  test('has been read already is a 500, and no empty answer', async () => {
    const response = new Response('x')
    await response.text()
    const { result, logs } = await answered(response)
    expect(result.statusCode).toBe(500)
    expect(logs.stderr).toContain('has been read already')
  })

  test('comes in pieces is put together', async () => {
    const pieces = [[0xc3], [0xa9, 0x21], []].map((bytes) => new Uint8Array(bytes))
    const { stream } = body((controller) => {
      const piece = pieces.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    })
    const { result } = await answered(new Response(stream, { headers: { 'content-type': 'text/plain' } }))
    expect(result.body).toBe('é!')
  })
})
