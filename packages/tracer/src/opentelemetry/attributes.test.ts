import { expect, test } from 'vitest'
import { attributesOf } from './attributes.ts'

test('a call to this function, and one that it makes', () => {
  const http = {
    method: 'POST',
    url: 'https://example.com:8443/a/b',
    status: 201,
    length: 7,
    userAgent: 'u',
    clientIp: '::1',
  }
  expect(attributesOf({ http }, true)).toEqual({
    'http.request.method': 'POST',
    'http.response.status_code': 201,
    'http.response.body.size': 7,
    'user_agent.original': 'u',
    'client.address': '::1',
    'url.path': '/a/b',
    'url.scheme': 'https',
  })
  expect(attributesOf({ http: { url: '/a' } }, true)).toEqual({ 'url.path': '/a' })
  expect(attributesOf({ http: { url: http.url } }, false)).toEqual({
    'url.full': http.url,
    'server.address': 'example.com',
    'server.port': 8443,
  })
  expect(attributesOf({ http: { url: 'http://example.com/' } }, false)).toMatchObject({ 'server.port': 80 })
  expect(attributesOf({ http: { url: 'no URL' } }, false)).toEqual({ 'url.full': 'no URL' })
})

test('a call to AWS', () => {
  const resources = { table_name: 'orders', queue_url: 'https://q', other_thing: 'x' }
  const aws = { service: 'DynamoDB', operation: 'GetItem', region: 'eu-west-1', requestId: 'r', retries: 2, resources }
  expect(attributesOf({ aws }, false)).toEqual({
    'rpc.system': 'aws-api',
    'rpc.service': 'DynamoDB',
    'rpc.method': 'GetItem',
    'cloud.region': 'eu-west-1',
    'aws.request_id': 'r',
    'http.request.resend_count': 2,
    'aws.dynamodb.table_names': ['orders'],
    'aws.sqs.queue.url': 'https://q',
    'aws.other_thing': 'x',
  })
})

test('a query', () => {
  const sql = { url: 'postgresql://db.example:5432/shop', type: 'PostgreSQL', user: 'app', statement: 'select $1' }
  expect(attributesOf({ sql }, false)).toEqual({
    'db.system.name': 'postgresql',
    'db.query.text': 'select $1',
    'db.user': 'app',
    'db.namespace': 'shop',
    'server.address': 'db.example',
    'server.port': 5432,
  })
})

test('a text is cut, and well-formed', () => {
  const { 'db.query.text': text } = attributesOf({ sql: { statement: `\ud800${'x'.repeat(5000)}` } }, false)
  expect(text).toHaveLength(2000)
  expect(String(text).isWellFormed()).toBe(true)
})
