import { describe, expect, test } from 'vitest'
import { answer } from '../test/answer.ts'
import { limit } from '../test/limit.ts'
import { alb, albMulti, functionUrl, httpApi, restApi } from '../test/requests.ts'
import { reply } from './index.ts'

describe('the shape of an answer', () => {
  const full = () => reply(201, { a: 1 }, { 'x-a': 'b', 'set-cookie': ['c=1', 'd=2', 'e=3'] })
  const headers = { 'content-type': 'application/json', 'x-a': 'b' }
  const body = { body: '{"a":1}', isBase64Encoded: false }
  test('of HTTP APIs and function URLs', async () => {
    const expected = { statusCode: 201, headers, cookies: ['c=1', 'd=2', 'e=3'], ...body }
    expect(await answer(httpApi({}), full)).toEqual(expected)
    expect(await answer(functionUrl({}), full)).toEqual(expected)
  })
  test('of REST APIs', async () => {
    expect(await answer(restApi({}), full)).toEqual({
      statusCode: 201,
      headers,
      multiValueHeaders: { 'set-cookie': ['c=1', 'd=2', 'e=3'] },
      ...body,
    })
  })
  test('of load balancers', async () => {
    expect(await answer(albMulti({}), full)).toEqual({
      statusCode: 201,
      statusDescription: '201 Created',
      multiValueHeaders: { 'content-type': ['application/json'], 'x-a': ['b'], 'set-cookie': ['c=1', 'd=2', 'e=3'] },
      ...body,
    })
    expect(await answer(alb({}), full)).toEqual({
      statusCode: 201,
      statusDescription: '201 Created',
      headers: { ...headers, 'set-cookie': 'c=1', 'Set-cookie': 'd=2', 'sEt-cookie': 'e=3' },
      ...body,
    })
  })
})

test('API Gateway gives up after 29 seconds, function URLs and load balancers do not', () => {
  const events = [httpApi({}), restApi({}), functionUrl({}), alb({})]
  expect(events.map((event) => limit(event))).toEqual([29_000, 29_000, Infinity, Infinity])
  expect(limit(alb({}), { integrationTimeout: 5000 })).toBe(5000)
})
