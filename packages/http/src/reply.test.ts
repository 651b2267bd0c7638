import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'
import { httpApi } from '../test/requests.ts'
import { http, reply } from './index.ts'

test('a reply of another copy of this package is one', async () => {
  const foreign = { status: 201, body: 'x', headers: {}, [Symbol.for('fnware.reply')]: true }
  const handler = lambda(http()).handle(() => foreign)
  expect(await handler(httpApi({}), fakeContext())).toMatchObject({ statusCode: 201, body: '"x"' })
})

test('what only has the members of a reply is a result', async () => {
  const handler = lambda(http()).handle(() => ({ status: 201, body: 'x', headers: {} }))
  expect(await handler(httpApi({}), fakeContext())).toMatchObject({
    statusCode: 200,
    body: '{"status":201,"body":"x","headers":{}}',
  })
})

test('a reply shows what is in it, and how it is known does not', () => {
  expect({ ...reply(201, { a: 1 }, { 'x-a': 'b' }) }).toEqual({ status: 201, body: { a: 1 }, headers: { 'x-a': 'b' } })
})
