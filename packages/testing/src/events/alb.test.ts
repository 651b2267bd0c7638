import { describe, expect, test } from 'vitest'
import { full } from '../../test/request.ts'
import { albEvent } from '../index.ts'

describe('load balancers', () => {
  test('leave the query encoded, and lower the names of headers', () => {
    expect(albEvent(full)).toMatchObject({
      path: '/a%20b/c',
      queryStringParameters: { tag: 'z', plus: 'a%20b' },
      headers: { 'x-custom': 'One', 'x-twice': '2', cookie: 'a=1; b=two%20words' },
    })
    expect(albEvent(full)).not.toHaveProperty('multiValueHeaders')
    const several = albEvent({ ...full, multiValue: true })
    expect(several).toMatchObject({
      multiValueQueryStringParameters: { tag: ['x%26y', 'z'] },
      multiValueHeaders: { 'x-custom': ['One'], 'x-twice': ['1', '2'] },
    })
    expect(several).not.toHaveProperty('headers')
    expect(several).not.toHaveProperty('queryStringParameters')
    expect(albEvent()).toMatchObject({ body: '', queryStringParameters: {} })
  })

  test('hand on as base64 what has a content encoding', () => {
    expect(albEvent({ body: 'hi', headers: { 'Content-Encoding': 'identity' } })).toMatchObject({
      body: 'aGk=',
      isBase64Encoded: true,
    })
  })

  test('have no stage', () => {
    expect(() => albEvent({ stage: 'prod' } as never)).toThrow('there is no option `stage`')
    expect(() => albEvent({ multiValue: 'yes' } as never)).toThrow('`multiValue` must be true or false')
  })
})
