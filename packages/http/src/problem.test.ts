import { HttpError, InputError, lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { httpApi, type Sent } from '../test/requests.ts'
import { http } from './index.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const problem = async (thrown: unknown, sent: Sent = {}, context: unknown = fakeContext({ awsRequestId: 'id-1' })) => {
  const handler = lambda(http()).handle(() => {
    throw thrown
  })
  const { body } = await handler(httpApi(sent), context as never)
  return JSON.parse(body ?? '') as unknown
}

test('an error’s own members come after its extensions, where it has them', async () => {
  const extensions = { type: 'ext:type', title: 'ext', detail: 'ext', status: 1, requestId: 'ext', sku: 'A-1' }
  expect(await problem(new HttpError(409, undefined, { extensions }))).toEqual({
    ...extensions,
    status: 409,
    requestId: 'id-1',
  })
  expect(await problem(new HttpError(409, 'own', { type: 'own:type', title: 'Own', extensions }))).toEqual({
    ...{ type: 'own:type', title: 'Own', detail: 'own', sku: 'A-1' },
    status: 409,
    requestId: 'id-1',
  })
  expect(await problem(new HttpError(404))).toEqual({ title: 'Not Found', status: 404, requestId: 'id-1' })
})

test('a body that is wrong is said to be read as its type, or as JSON', async () => {
  const error = () => new InputError([{ message: 'must be text', path: ['a b', 'é'] }], 'body')
  expect(await problem(error())).toEqual({
    title: 'Bad Request',
    status: 400,
    detail: 'the body, read as JSON, is not as it must be: see errors',
    errors: [{ in: 'body', pointer: '#/a%20b/%C3%A9', detail: 'must be text' }],
    requestId: 'id-1',
  })
  expect(await problem(error(), { headers: { 'content-type': 'Text/Plain;x=y' } })).toMatchObject({
    detail: 'the body, read as text/plain, is not as it must be: see errors',
  })
})

test('what is wrong elsewhere is said to be there', async () => {
  expect(await problem(new InputError([{ message: 'no' }], 'query'))).toMatchObject({
    detail: 'the query is not as it must be: see errors',
    errors: [{ in: 'query', pointer: '#', detail: 'no' }],
  })
  expect(await problem(new InputError([]))).toMatchObject({
    detail: 'the event is not as it must be: see errors',
    errors: [],
  })
})

test('an invocation without a context of Lambda has no request id', async () => {
  expect(await problem(new Error('x'), {}, null)).toEqual({ title: 'Internal Server Error', status: 500 })
})
