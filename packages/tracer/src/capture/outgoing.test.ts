import { expect, test } from 'vitest'
import { hostnameOf, urlOf } from './outgoing.ts'

const at = (path: string, host = 'example.com:8080') =>
  urlOf({ method: 'GET', protocol: 'http:', host, path, header: () => undefined })

test.each([
  ['/a/b', 'http://example.com:8080/a/b'],
  ['/a?token=hidden', 'http://example.com:8080/a'],
  ['/a#hidden?b', 'http://example.com:8080/a'],
  ['/', 'http://example.com:8080/'],
  ['/a\n?hidden\nhidden', 'http://example.com:8080/a\n'],
  // As a proxy is asked.
  ['http://user:hidden@other.example/a?hidden', 'http://other.example/a'],
  ['other.example:443', 'http://example.com:8080'],
  ['*', 'http://example.com:8080'],
  ['?hidden', 'http://example.com:8080'],
  ['http://[hidden', 'http://example.com:8080'],
])('%j is shown as %s', (path, shown) => {
  expect(at(path)).toBe(shown)
})

test('hosts without their ports', () => {
  expect(['a.b', 'a.b:1', '10.0.0.1:80', '[::1]:80', '[::1]'].map(hostnameOf)).toEqual([
    'a.b',
    'a.b',
    '10.0.0.1',
    '[::1]',
    '[::1]',
  ])
})
