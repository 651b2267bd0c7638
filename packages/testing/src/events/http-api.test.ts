import { describe, expect, test } from 'vitest'
import { full } from '../../test/request.ts'
import { functionUrlEvent, httpApiEvent } from '../index.ts'

describe('HTTP APIs', () => {
  test('put a named stage before the path, and decode path and parameters', () => {
    const event = httpApiEvent({ ...full, stage: 'prod', route: '/{x}/c' })
    expect(event).toMatchObject({
      routeKey: 'PUT /{x}/c',
      rawPath: '/prod/a b/c',
      rawQueryString: 'tag=x%26y&tag=z&plus=a%20b',
      queryStringParameters: { tag: 'x&y,z', plus: 'a b' },
      cookies: ['a=1', 'b=two%20words'],
      headers: { 'x-custom': 'One', 'x-twice': '1,2', 'content-length': '14' },
      pathParameters: { x: 'a b' },
      requestContext: { http: { path: '/prod/a b/c' }, stage: 'prod', routeKey: 'PUT /{x}/c' },
    })
    expect(event.headers).not.toHaveProperty('cookie')
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
    expect(httpApiEvent({ path: '/a%3Fb' }).rawPath).toBe('/a')
    expect(() => httpApiEvent({ path: '/%ff' })).toThrow('cannot decode')
  })

  test('leave out what is not there', () => {
    expect(Object.keys(httpApiEvent()).sort()).toEqual(
      ['headers', 'isBase64Encoded', 'rawPath', 'rawQueryString', 'requestContext', 'routeKey', 'version'].sort(),
    )
    expect(httpApiEvent()).toMatchObject({ routeKey: '$default', rawPath: '/', rawQueryString: '' })
  })

  test('take a route with a method of its own, and other parameters than the path’s', () => {
    const path = '/files/2026/a.txt'
    expect(httpApiEvent({ path, route: 'ANY /files/{rest+}' })).toMatchObject({
      routeKey: 'ANY /files/{rest+}',
      pathParameters: { rest: '2026/a.txt' },
    })
    expect(httpApiEvent({ path, route: 'GET /files/2026/a.txt' })).not.toHaveProperty('pathParameters')
    expect(httpApiEvent({ path, pathParameters: { any: '1' } }).pathParameters).toEqual({ any: '1' })
    expect(() => httpApiEvent({ path, route: '/orders/{id}' })).toThrow(
      'the path /files/2026/a.txt does not fit the route /orders/{id}',
    )
    expect(() => httpApiEvent({ path: '/filesX2026', route: '/files.2026' })).toThrow('does not fit')
  })

  test('say the host, the agent and the trace that the client sent', () => {
    const headers = { host: 'api.example.com', 'User-Agent': 'mine', 'x-amzn-trace-id': 'Root=1-2-3' }
    expect(httpApiEvent({ headers })).toMatchObject({
      headers: { host: 'api.example.com', 'user-agent': 'mine', 'x-amzn-trace-id': 'Root=1-2-3' },
      requestContext: { domainName: 'api.example.com', domainPrefix: 'api', http: { userAgent: 'mine' } },
    })
  })
})

test('function URLs leave the path as it was sent, and have neither stage nor route', () => {
  expect(functionUrlEvent(full)).toMatchObject({
    rawPath: '/a%20b/c',
    requestContext: {
      accountId: 'anonymous',
      stage: '$default',
      domainName: expect.stringMatching(/\.lambda-url\..+\.on\.aws$/),
    },
  })
  const iam = { iam: { accountId: '123456789012', userArn: 'arn:aws:iam::123456789012:user/me' } }
  expect(functionUrlEvent({ authorizer: iam }).requestContext).toMatchObject({
    accountId: '123456789012',
    authorizer: iam,
  })
  expect(() => functionUrlEvent({ stage: 'prod' } as never)).toThrow('there is no option `stage`')
})
