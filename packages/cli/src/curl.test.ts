import { expect, test } from 'vitest'
import { awsInvoke, curl, guess } from './curl.ts'

test.each([
  [{ path: '/' }, 'curl http://h/'],
  [{ path: '/a?b=1&c=2' }, "curl 'http://h/a?b=1&c=2'"],
  [{ path: '/', method: 'delete' }, 'curl -X DELETE http://h/'],
  [{ path: '/', method: 'HEAD' }, 'curl -I http://h/'],
  [{ path: '/', body: { a: 1 } }, `curl http://h/ -H 'content-type: application/json' -d '{"a":1}'`],
  [{ path: '/', method: 'PUT', body: 'x=1' }, 'curl -X PUT http://h/ -d x=1'],
  [{ path: '/', headers: { 'Content-Type': 'a/b' }, body: {} }, `curl http://h/ -H 'Content-Type: a/b' -d '{}'`],
])('%j', (example, expected) => {
  expect(curl('http://h', example)).toBe(expected)
})

test('the guess: a GET without parameters, else any GET, else what there is', () => {
  const post = { method: 'POST', path: '/a' }
  const one = { method: 'GET', path: '/a/{id}' }
  const list = { method: 'GET', path: '/a' }
  expect(guess([post, one, list])).toEqual({ path: '/a', method: 'GET' })
  expect(guess([post, one])).toEqual({ path: '/a/1', method: 'GET' })
  expect(guess([post])).toEqual({ path: '/a', method: 'POST' })
  expect(guess([])).toEqual({ path: '/' })
})

test('a line for the AWS CLI that needs no account', () => {
  expect(awsInvoke('http://h', 'orders')).toBe(
    'aws lambda invoke --endpoint-url http://h --region us-east-1 --no-sign-request --function-name orders /dev/stdout',
  )
})
