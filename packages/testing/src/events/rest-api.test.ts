import { describe, expect, test } from 'vitest'
import { full } from '../../test/request.ts'
import { restApiEvent } from '../index.ts'

describe('REST APIs', () => {
  test('say headers as they were sent, and every value beside the last', () => {
    expect(restApiEvent(full)).toMatchObject({
      resource: '/{proxy+}',
      path: '/a%20b/c',
      httpMethod: 'PUT',
      headers: { 'X-Custom': 'One', 'X-Twice': '2', Cookie: 'a=1; b=two%20words' },
      multiValueHeaders: { 'X-Custom': ['One'], 'X-Twice': ['1', '2'] },
      queryStringParameters: { tag: 'z', plus: 'a b' },
      multiValueQueryStringParameters: { tag: ['x&y', 'z'], plus: ['a b'] },
      pathParameters: { proxy: 'a%20b/c' },
      requestContext: { identity: { sourceIp: '198.51.100.7' }, stage: 'prod', path: '/prod/a%20b/c' },
    })
  })

  test('say null of what is not there', () => {
    expect(restApiEvent()).toMatchObject({
      resource: '/',
      body: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
    })
    expect(restApiEvent().requestContext).not.toHaveProperty('authorizer')
  })
})
