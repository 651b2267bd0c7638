import { HttpError, lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import * as z from 'zod'
import { answer } from '../test/answer.ts'
import { formats } from '../test/requests.ts'
import { type HttpContext, type HttpEvent, http } from './index.ts'

let error: MockInstance
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe.each(formats)('an error, through %s', (_, format) => {
  const problem = async (event: HttpEvent, fn: (ctx: HttpContext) => unknown) => {
    const { statusCode, body, ...rest } = await answer(event, fn)
    const headers =
      rest.headers ??
      Object.fromEntries(Object.entries(rest.multiValueHeaders ?? {}).map(([name, values]) => [name, values.join()]))
    return [statusCode, headers, JSON.parse(body ?? '')]
  }

  test('of the client’s is a problem with its details', async () => {
    const thrown = new HttpError(409, 'taken already', {
      type: 'https://example.com/taken',
      title: 'Taken',
      headers: { 'Retry-After': '5' },
      extensions: { sku: 'A-1' },
    })
    expect(
      await problem(format({}), () => {
        throw thrown
      }),
    ).toEqual([
      409,
      { 'content-type': 'application/problem+json', 'retry-after': '5' },
      {
        type: 'https://example.com/taken',
        title: 'Taken',
        status: 409,
        detail: 'taken already',
        sku: 'A-1',
        requestId: 'id-1',
      },
    ])
    expect(error).not.toHaveBeenCalled()
  })

  test('that nobody expected says nothing but the request id', async () => {
    const [status, , body] = await problem(format({}), () => {
      throw Object.assign(new Error('password=hunter2'), { status: 418, detail: 'x' })
    })
    expect([status, body]).toEqual([500, { title: 'Internal Server Error', status: 500, requestId: 'id-1' }])
    expect(error.mock.calls[0]?.[0]).toMatch(/^id-1: the invocation failed\nError: password=hunter2\n +at /)
  })

  test('of a schema points at each fault', async () => {
    const handler = lambda(http())
      .input(z.object({ sku: z.string(), items: z.array(z.object({ 'a/b': z.int() })) }))
      .handle(({ input }) => input)
    const event = format({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"items":[{"a/b":"x"}]}',
    })
    const { statusCode, body } = await handler(event, fakeContext())
    expect(statusCode).toBe(400)
    expect(JSON.parse(body ?? '')).toMatchObject({
      title: 'Bad Request',
      status: 400,
      detail: 'the body, read as application/json, is not as it must be: see errors',
      errors: [
        { in: 'body', pointer: '#/sku' },
        { in: 'body', pointer: '#/items/0/a~1b' },
      ],
    })
  })
})
